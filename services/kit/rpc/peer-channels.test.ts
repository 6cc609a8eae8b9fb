import { Client, connectivityState } from '@grpc/grpc-js';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { IdentityChannelCredentials } from '../tls/channel-credentials.ts';
import { eventually } from '../testing/eventually.ts';
import { TestWorld, spiffe } from '../testing/world.ts';
import { PeerChannels } from './peer-channels.ts';

let world: TestWorld;

beforeEach(async () => {
  world = await TestWorld.create();
});
afterEach(() => world.close());

test('a preview that nobody asked for a long time is found again', async () => {
  const server = await world.serve();
  const { runtime } = await world.start(await world.prepare('caller'));
  const credentials = new IdentityChannelCredentials(runtime.identity, spiffe('echo'));
  const opened: Client[] = [];
  const channels = new PeerChannels(
    (target) => {
      // The shortest time that grpc-js takes.
      const client = new Client(target, credentials, { 'grpc.client_idle_timeout_ms': 1_000 });
      opened.push(client);
      return client;
    },
    { active: 'dns:///active.invalid:1', preview: `dns:///127.0.0.1:${server.port}` },
  );
  const [active, preview] = opened;
  await eventually(() => expect(channels.of('preview')).toBe(preview));
  await eventually(() =>
    expect(preview?.getChannel().getConnectivityState(false)).toBe(connectivityState.IDLE),
  );
  expect(channels.of('preview')).toBe(active);
  await eventually(() => expect(channels.of('preview')).toBe(preview));
  channels.close();
});
