import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import type { Server, TLSSocket } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ISocketFactoryArgs } from 'kafkajs';
import { TestAuthority, writeIdentity } from '../testing/authority.ts';
import { eventually } from '../testing/eventually.ts';
import { Identity } from '../tls/identity.ts';
import { socketFactory } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'meridian-kafka-tls-'));
let authority: TestAuthority;
let broker: Server;
let identity: Identity;
const served: string[] = [];

beforeAll(async () => {
  authority = await TestAuthority.create();
  broker = await listen('127.0.0.1');
  writeIdentity(join(folder, 'tls'), await authority.issue({ commonName: 'first' }));
  identity = Identity.open(join(folder, 'tls'));
});

afterAll(() => {
  identity.close();
  broker.close();
  rmSync(folder, { recursive: true });
});

/** A TLS server with a certificate for an address, which notes who connects. */
async function listen(certifiedAddress: string): Promise<Server> {
  const { cert, key, ca } = await authority.issue({ addresses: [certifiedAddress] });
  const server = createServer(
    { cert, key, ca, requestCert: true, rejectUnauthorized: true },
    (socket: TLSSocket) => {
      served.push(String(socket.getPeerCertificate().subject.CN));
      socket.on('error', () => undefined);
      socket.end();
    },
  ).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  return server;
}

function connect(server: Server): ReturnType<ReturnType<typeof socketFactory>> {
  const { port } = server.address() as AddressInfo;
  const given = { host: '127.0.0.1', port, onConnect: () => undefined };
  // kafkajs passes the TLS options that it was given, which are none.
  return socketFactory(identity)(given as unknown as ISocketFactoryArgs);
}

test('each new connection shows the newest certificate', async () => {
  await once(connect(broker).resume(), 'end');
  writeIdentity(join(folder, 'tls'), await authority.issue({ commonName: 'second' }));
  const before = identity.current.serialNumber;
  await eventually(() => expect(identity.current.serialNumber).not.toBe(before));
  await once(connect(broker).resume(), 'end');
  expect(served).toEqual(['first', 'second']);
});

test('a broker whose certificate is for another address is refused', async () => {
  const other = await listen('127.0.0.2');
  const [error] = (await once(connect(other), 'error').catch((reason: unknown) => [reason])) as [
    NodeJS.ErrnoException,
  ];
  expect(error.code).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  other.close();
});
