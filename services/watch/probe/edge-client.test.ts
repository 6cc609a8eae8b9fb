import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { EdgeClient, outcomeOf } from './edge-client.ts';

const READ = { method: 'GET', path: '/v1/products?pageSize=1' } as const;

describe('a probe at the edge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'meridian-probe-'));
  const caFile = join(folder, 'ca.crt');
  const names: string[] = [];
  let connections = 0;
  let handle: RequestListener = (_request, response) => response.end('{}');
  let server: Server;
  let connectTo: { host: string; port: number };

  beforeAll(async () => {
    const authority = await TestAuthority.create();
    const { cert, key, ca } = await authority.issue({ dnsNames: ['shop.example'] });
    writeFileSync(caFile, ca);
    server = createServer({ cert, key }, (request, response) => handle(request, response));
    server.on('secureConnection', ({ servername }) => {
      connections += 1;
      if (typeof servername === 'string') names.push(servername);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    connectTo = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  });
  afterAll(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    rmSync(folder, { recursive: true, force: true });
  });

  const client = (url = 'https://shop.example', timeoutMs = 10_000) =>
    new EdgeClient({ url: new URL(url), caFile, connectTo }, { timeoutMs });

  test('asks for the name that users know, wherever that leads, over a connection of its own each time', async () => {
    let host: string | undefined;
    handle = (request, response) => {
      host = request.headers.host;
      response.end('{}');
    };
    const before = connections;
    expect((await client().send(READ)).status).toBe(200);
    expect((await client().send(READ)).status).toBe(200);
    expect(connections - before).toBe(2);
    expect([names.at(-1), host]).toEqual(['shop.example', 'shop.example']);
  });

  test('is not answered by who has another name, or a certificate that users do not trust', async () => {
    await expect(client('https://other.example').send(READ)).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const place = { url: new URL('https://shop.example'), caFile: undefined, connectTo };
    const publicOnly = new EdgeClient(place, { timeoutMs: 10_000 });
    await expect(publicOnly.send(READ)).rejects.toThrow(/certificate/);
  });

  test('waits neither for an answer that does not come nor for one that does not end', async () => {
    const hasty = client('https://shop.example', 500);
    handle = () => undefined;
    await expect(hasty.send(READ)).rejects.toThrow(/abort/);
    handle = (_request, response) => response.writeHead(200).write('{');
    await expect(hasty.send(READ)).rejects.toThrow(/abort/);
    handle = (_request, response) => response.end('x'.repeat(65 * 1_024));
    await expect(client().send(READ)).rejects.toThrow(/bytes/);
  });

  test('is ended with the process', async () => {
    const stopped = new AbortController();
    handle = () => stopped.abort();
    const place = { url: new URL('https://shop.example'), caFile, connectTo };
    const ending = new EdgeClient(place, { timeoutMs: 60_000, signal: stopped.signal });
    await expect(ending.send(READ)).rejects.toThrow(/abort/);
  });

  test('tells an answer of the platform from one of an edge that found nobody behind it', () => {
    const answer = (status: number, headers = {}) => outcomeOf({ status, headers, text: '' });
    const limited = { 'ratelimit-policy': '"anonymous";q=1;w=1' };
    expect([answer(200, limited), answer(201)]).toEqual(['ok', 'ok']);
    expect([answer(302), answer(401), answer(429)]).toEqual(['refused', 'refused', 'refused']);
    expect([answer(503, limited), answer(503)]).toEqual(['failed', 'unreachable']);
  });
});
