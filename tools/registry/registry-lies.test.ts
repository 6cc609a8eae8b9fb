import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { digestOf } from '../../stacks/pins.ts';
import { Registry } from './registry.ts';
import { TEST_LOGIN } from './testing/registry-contract.ts';

const right = Buffer.from('what was tried');
const blob = { mediaType: 'layer', digest: digestOf(right), size: right.length };

type Answers = (request: IncomingMessage, response: ServerResponse) => void;

let servers: Server[] = [];
let shown: (readonly [place: string, authorization: string | undefined])[] = [];
let folder = '';

/** A server that says what a test has it say, to whoever has shown a name and a password, where it asks for them. */
async function saying(asksFor: boolean, answers: Answers): Promise<string> {
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    shown.push([request.headers.host ?? '', authorization]);
    if (asksFor && authorization === undefined) {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      return;
    }
    request.resume();
    answers(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

beforeEach(() => {
  [servers, shown] = [[], []];
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-lies-'));
});

afterEach(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

async function within<Value>(
  host: string,
  use: (registry: Registry) => Promise<Value>,
): Promise<Value> {
  const registry = new Registry(host, TEST_LOGIN);
  try {
    return await use(registry);
  } finally {
    await registry.close();
  }
}

describe('a registry that is not what it says', () => {
  test.each([
    ['other bytes of the same length', Buffer.from('what was trieD')],
    ['fewer bytes', right.subarray(1)],
    ['more bytes', Buffer.concat([right, right])],
  ])('gives %s for a blob, which is refused', async (_what, bytes) => {
    const host = await saying(false, (_request, response) => response.end(bytes));
    const file = path.join(folder, 'blob');
    await expect(
      within(host, (registry) => registry.readBlob('shop/catalog', blob, file)),
    ).rejects.toThrow(/gave \d+ bytes with sha256:[0-9a-f]{64} for the blob/);
  });

  test('gives another manifest than was asked for by its digest, which is refused', async () => {
    const host = await saying(false, (_request, response) => response.end('{}'));
    await expect(
      within(host, (registry) => registry.manifest('shop/catalog', blob.digest)),
    ).rejects.toThrow(/gave sha256:[0-9a-f]{64} for 'shop\/catalog@sha256:/);
  });

  test('leads elsewhere for a blob, where the password is not shown', async () => {
    const other = await saying(false, (_request, response) => response.end(right));
    const host = await saying(true, (_request, response) =>
      response.writeHead(307, { location: `http://${other}/blob` }).end(),
    );
    const file = path.join(folder, 'blob');
    await within(host, (registry) => registry.readBlob('shop/catalog', blob, file));
    expect(existsSync(file)).toBe(true);
    expect(shown.filter(([place]) => place === other)).toEqual([[other, undefined]]);
    expect(shown.filter(([place]) => place === host).at(-1)?.[1]).toMatch(/^Basic /);
  });

  test('leads elsewhere for a blob, which asks for the password by a third and does not get it', async () => {
    const third = await saying(false, (_request, response) => response.end('{"token":"t"}'));
    const challenge = `Bearer realm="http://${third}/token"`;
    const other = await saying(false, (_request, response) =>
      response.writeHead(401, { 'www-authenticate': challenge }).end(),
    );
    const host = await saying(false, (_request, response) =>
      response.writeHead(307, { location: `http://${other}/blob` }).end(),
    );
    const file = path.join(folder, 'blob');
    await expect(
      within(host, (registry) => registry.readBlob('shop/catalog', blob, file)),
    ).rejects.toThrow(/answered 401 for the blob/);
    expect(shown.filter(([place]) => place === third)).toEqual([]);
  });

  test('leads elsewhere for an upload, where the password is not shown either', async () => {
    const other = await saying(false, (request, response) =>
      response
        .writeHead(request.method === 'PUT' ? 201 : 202, { location: `http://${other}/upload` })
        .end(),
    );
    const host = await saying(true, (_request, response) =>
      response.writeHead(202, { location: `http://${other}/upload` }).end(),
    );
    const file = path.join(folder, 'blob');
    writeFileSync(file, right);
    await within(host, (registry) => registry.writeBlob('shop/catalog', blob, file));
    expect(shown.filter(([place]) => place === other)).toEqual([
      [other, undefined],
      [other, undefined],
    ]);
  });

  test('leads to a place in the clear, which is not asked', async () => {
    const host = await saying(false, (_request, response) =>
      response.writeHead(307, { location: 'http://registry.example/blob' }).end(),
    );
    await expect(
      within(host, (registry) =>
        registry.readBlob('shop/catalog', blob, path.join(folder, 'blob')),
      ),
    ).rejects.toThrow(/^registry.example must be asked over HTTPS, got 'http:\/\/'/);
  });
});
