import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { certificateEndpoint, certificatePolls } from './certificates.ts';
import type { EnginePoll } from './engine-poll.ts';
import { EngineWorld } from './testing/engine-world.ts';

let world: EngineWorld;

beforeAll(async () => {
  world = await EngineWorld.create();
}, 60_000);
afterAll(() => world.close());

const HOUR_MS = 3_600_000;
const untilOf = (pem: string): number => new X509Certificate(pem).validToDate.getTime() / 1_000;
const told = (seconds: number): string =>
  `served_certificate_not_after_seconds{endpoint="webhook"} ${seconds}`;

/** Asks one endpoint, as the process is given it. */
const ask = (endpoint: string): Promise<void> =>
  world.ask(
    () => Promise.resolve(),
    (runtime: Runtime): EnginePoll => {
      const [poll] = certificatePolls(runtime, [certificateEndpoint(endpoint)]);
      if (poll === undefined) throw new Error('nothing is asked');
      return poll;
    },
  );

test('tells when the first of the certificates ends that are shown, also by who demands one, and nothing while none is', async () => {
  const authority = await TestAuthority.create(10 * HOUR_MS);
  const issued = (lifetimeMs: number) =>
    authority.issue({ dnsNames: ['webhook'], lifetimeMs: lifetimeMs });
  const [young, aged, outliving] = [
    await issued(5 * HOUR_MS),
    await issued(HOUR_MS / 2),
    await issued(20 * HOUR_MS),
  ];
  const server = createServer({ ...young, requestCert: true });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { port } = server.address() as AddressInfo;
    await ask(`webhook=127.0.0.1:${port}`);
    await world.told(told(untilOf(young.cert)));
    server.setSecureContext(aged);
    await world.told(told(untilOf(aged.cert)));
    expect(untilOf(aged.cert)).toBeLessThan(untilOf(young.cert));
    server.setSecureContext(outliving);
    const [, intermediate = ''] = outliving.cert.split(/(?<=-----END CERTIFICATE-----\n)/);
    await world.told(told(untilOf(intermediate)));
  } finally {
    server.close();
    await once(server, 'close');
  }
  await world.toldAlone();
}, 60_000);

test.each(['webhook', 'webhook=host', '=host:1', 'webhook=host:port'])(
  "'%s' is not an endpoint",
  (text) => {
    expect(() => certificateEndpoint(text)).toThrow(`An endpoint is name=host:port, got '${text}'`);
  },
);
