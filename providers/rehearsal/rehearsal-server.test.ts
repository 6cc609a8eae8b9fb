import { createRequire } from 'node:module';
import * as grpc from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type * as messages from '@pulumi/pulumi/proto/provider_pb.js';
import { startRehearsal } from './rehearsal-server.ts';
import type { RehearsalServer } from './rehearsal-server.ts';

// The generated client is CommonJS, with types of its messages alone.
const require = createRequire(import.meta.url);
const { ResourceProviderClient } = require('@pulumi/pulumi/proto/provider_grpc_pb.js') as {
  readonly ResourceProviderClient: new (
    address: string,
    credentials: grpc.ChannelCredentials,
  ) => ProviderClient;
};
const { InvokeRequest, ReadRequest } =
  require('@pulumi/pulumi/proto/provider_pb.js') as typeof messages;

type Ask<Request> = (request: Request, answered: (error: grpc.ServiceError | null) => void) => void;

interface ProviderClient extends grpc.Client {
  readonly read: Ask<messages.ReadRequest>;
  readonly invoke: Ask<messages.InvokeRequest>;
}

/** What the engine hears; that it ends there and tells the user is in rehearsal.test.ts. */
describe('a rehearsal refuses', () => {
  let rehearsal: RehearsalServer;
  let client: ProviderClient;

  beforeAll(async () => {
    rehearsal = await startRehearsal({ folder: '/' });
    const [, port] = rehearsal.environment['PULUMI_DEBUG_PROVIDERS']?.split(/[:,]/) ?? [];
    client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  });
  afterAll(() => {
    client.close();
    rehearsal.close();
  });

  const refusal = async (
    ask: (answered: (error: grpc.ServiceError | null) => void) => void,
  ): Promise<string | undefined> =>
    await new Promise((resolve) => {
      ask((error) => resolve(error?.details));
    });

  test('a read from the cluster', async () => {
    expect(await refusal((answered) => client.read(new ReadRequest(), answered))).toContain(
      'The program reads nothing from a cluster',
    );
  });

  test('an invoke of a provider', async () => {
    const request = new InvokeRequest();
    request.setTok('kubernetes:helm:template');
    expect(await refusal((answered) => client.invoke(request, answered))).toContain(
      "The program makes no provider invoke, so that two previews are equal; got invoke 'kubernetes:helm:template'",
    );
  });
});
