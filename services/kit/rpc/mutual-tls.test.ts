import { connect as tlsConnect } from 'node:tls';
import type { ConnectionOptions } from 'node:tls';
import { connect as http2Connect } from 'node:http2';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '../testing/authority.ts';
import { EchoService } from '../testing/gen/meridian/kittest/v1/echo_pb.js';
import { ECHO, TestWorld, spiffe } from '../testing/world.ts';
import type { TestServer } from '../testing/world.ts';
import type { RpcError } from './rpc-error.ts';

const { echo, once } = EchoService.method;

describe('mutual TLS between services', () => {
  let world: TestWorld;
  let server: TestServer;

  beforeAll(async () => {
    world = await TestWorld.create();
    server = await world.serve({}, { allow: { [`${ECHO}/Echo`]: [spiffe('caller')] } });
  });
  afterAll(() => world.close());

  /** The status that a call ends with, as its caller sees it. */
  async function outcome(call: Promise<unknown>): Promise<{ status: string; message: string }> {
    return call.then(
      () => ({ status: 'OK', message: '' }),
      (error: unknown) => ({
        status: (error as RpcError).status,
        message: (error as Error).message,
      }),
    );
  }

  /** How a raw TLS connection ends: the protocol it settled on, or the error. */
  function handshake(options: ConnectionOptions): Promise<string> {
    return new Promise((resolve) => {
      const socket = tlsConnect({
        host: '127.0.0.1',
        port: server.port,
        ALPNProtocols: ['h2'],
        rejectUnauthorized: false,
        ...options,
      });
      socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      // Node.js sends no alert for a certificate that it does not trust.
      socket.once('close', () => resolve('closed'));
      // With TLS 1.3 a client is done before the server has looked at its certificate: only the
      // server's first frame says that it was let in.
      socket.once('data', () => {
        resolve(socket.getProtocol() ?? 'none');
        socket.destroy();
      });
    });
  }

  function identityOf(service: TestServer): { cert: Buffer; key: Buffer; ca: Buffer } {
    const read = (name: string): Buffer => readFileSync(join(service.folder, 'tls', name));
    return { cert: read('tls.crt'), key: read('tls.key'), ca: read('ca.crt') };
  }

  test('a declared caller with a certificate of our root is served', async () => {
    const { client } = await world.client([server.port]);
    await expect(client.unary(echo, { text: 'hello' })).resolves.toMatchObject({ text: 'hello' });
  });

  test('a right certificate may not call a method that its list does not have', async () => {
    const { client } = await world.client([server.port]);
    const result = await outcome(client.unary(once, { text: 'hello' }));
    expect(result.status).toBe('PERMISSION_DENIED');
    expect(result.message).toContain(`${ECHO}/Once`);
    expect(result.message).toContain(spiffe('caller'));
  });

  test('another service of the platform is refused without learning who is allowed', async () => {
    const { client } = await world.client([server.port], { service: 'stranger' });
    const result = await outcome(client.unary(echo, { text: 'hello' }));
    expect(result.status).toBe('PERMISSION_DENIED');
    expect(result.message).not.toContain(spiffe('caller'));
  });

  test('a refused call is not decoded', async () => {
    const { client } = await world.client([server.port], { service: 'stranger' });
    const malformed = { ...echo, input: EchoService.method.repeat.input };
    const result = await outcome(client.unary(malformed, { text: 'x', count: 3 }));
    expect(result.status).toBe('PERMISSION_DENIED');
  });

  test('a certificate of another root is refused', async () => {
    const other = await TestAuthority.create();
    const foreign = await other.issue({ uris: [spiffe('caller')] });
    const ours = await world.authority.issue({ uris: [spiffe('caller')] });
    const { client } = await world.client([server.port], {
      identity: { ...foreign, ca: ours.ca },
    });
    expect(await outcome(client.unary(echo, {}))).toMatchObject({ status: 'UNAVAILABLE' });
    expect(await handshake({ ...foreign })).toBe('closed');
  });

  test('a server of another root is refused', async () => {
    const other = await TestAuthority.create();
    const trusting = await other.issue({ uris: [spiffe('caller')] });
    const { client } = await world.client([server.port], { identity: trusting });
    const result = await outcome(client.unary(echo, {}));
    expect(result.status).toBe('UNAVAILABLE');
    expect(result.message).toMatch(/certificate/);
  });

  test('an expired certificate is refused', async () => {
    const identity = await world.authority.issue({
      uris: [spiffe('caller')],
      lifetimeMs: -60_000,
    });
    const { client } = await world.client([server.port], { identity });
    expect(await outcome(client.unary(echo, {}))).toMatchObject({ status: 'UNAVAILABLE' });
    expect(await handshake({ ...identity })).toBe('closed');
  });

  test('a server with an expired certificate is refused', async () => {
    const identity = await world.authority.issue({ uris: [spiffe('echo')], lifetimeMs: -60_000 });
    const expired = await world.serve({}, {}, identity);
    const { client } = await world.client([expired.port]);
    const result = await outcome(client.unary(echo, {}));
    expect(result).toMatchObject({ status: 'UNAVAILABLE' });
    expect(result.message).toMatch(/expired/);
  });

  test('a server with the SPIFFE ID of another service is refused', async () => {
    const { client } = await world.client([server.port], { peer: spiffe('catalog') });
    const result = await outcome(client.unary(echo, {}));
    expect(result.status).toBe('UNAVAILABLE');
    expect(result.message).toContain(`is for ${spiffe('echo')}, not for ${spiffe('catalog')}`);
  });

  test('a client without a certificate is refused', async () => {
    expect(await handshake({})).toBe('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED');
  });

  test('TLS 1.2 is refused and TLS 1.3 is spoken', async () => {
    const identity = identityOf(server);
    expect(await handshake({ ...identity })).toBe('TLSv1.3');
    expect(await handshake({ ...identity, maxVersion: 'TLSv1.2' })).toMatch(
      /ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION/,
    );
  });

  test('a session is never resumed, so that every connection is verified', async () => {
    let session: Buffer | undefined;
    const connect = (): Promise<boolean> =>
      new Promise((resolve, reject) => {
        const socket = tlsConnect({
          ...identityOf(server),
          host: '127.0.0.1',
          port: server.port,
          ALPNProtocols: ['h2'],
          rejectUnauthorized: false,
          ...(session === undefined ? {} : { session }),
        });
        socket.on('session', (ticket) => (session = ticket));
        socket.once('error', reject);
        socket.once('data', () => {
          resolve(socket.isSessionReused());
          socket.destroy();
        });
      });
    expect(await connect()).toBe(false);
    expect(await connect()).toBe(false);
  });

  test('plain text is refused', async () => {
    const session = http2Connect(`http://127.0.0.1:${server.port}`);
    const ended = new Promise<string>((resolve) => {
      session.on('error', () => undefined);
      session.once('close', () => resolve('closed'));
      session.once('remoteSettings', () => resolve('spoken to'));
    });
    expect(await ended).toBe('closed');
  });
});
