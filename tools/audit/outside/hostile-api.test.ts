import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import { audit } from '../../meridian/commands/audit.ts';
import type { AuditOptions } from '../../meridian/commands/audit.ts';

let folder: string;
let server: Server;
let url: string;
let options: AuditOptions;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hostile-'));
  const authority = await TestAuthority.create();
  const { cert, key, ca } = await authority.issue({ addresses: ['127.0.0.1'] });
  server = createServer({ cert, key }, (request, response) => answer(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const [root, token] = [path.join(folder, 'root.crt'), path.join(folder, 'token')];
  writeFileSync(root, ca);
  writeFileSync(token, 'a token');
  options = { url, root, token };
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});
afterEach(() => void jest.restoreAllMocks());

const saying = (status: number, body: unknown) => {
  answer = (_request, response) => response.writeHead(status).end(JSON.stringify(body));
};
const entry = (changes: object = {}) => ({
  ...{ index: '1', kind: 'ENTRY_KIND_EVENT', eventId: 'an-event', source: 'spiffe://a/sa/orders' },
  ...{ type: 'a.b.OrderPlaced', subject: 'an-order', version: '1', leafHash: 'AAAA' },
  eventTime: '2026-11-27T09:30:00Z',
  ...changes,
});
const asking = () => audit('log', 'an-order', options);
const unreachable = (message: RegExp) => ({
  code: 'AUDIT_API_UNREACHABLE',
  message: expect.stringMatching(message) as unknown,
});

test.each<readonly [string, number, unknown, RegExp]>([
  ['entries that are a number', 200, { entries: 5 }, /^API ListEntries: must answer as/],
  ['an entry without its id', 200, { entries: [{ index: '1' }] }, /must answer as the API/],
  ['a state of no contract', 200, { entries: [entry({ dataJson: 'null' })] }, /must answer as/],
  ['that a list is not found', 404, { code: 'NOT_FOUND', detail: '' }, /must answer as the API/],
])(
  '%s in place of entries are the mistake of whoever answers, and told so',
  async (_what, status, body, message) => {
    saying(status, body);
    await expect(asking()).rejects.toMatchObject(unreachable(message));
  },
);

test('pages that never end are given up, with entries or without', async () => {
  let page = 0;
  answer = (_request, response) => {
    page += 1;
    // A test that is broken shall end.
    const nextPageToken = page > 50 ? '' : `page-${page}`;
    response.end(JSON.stringify({ entries: page === 1 ? [entry()] : [], nextPageToken }));
  };
  await expect(asking()).rejects.toMatchObject(unreachable(/a page without an entry behind/));
  expect(page).toBe(2);
});

test('an answer without an end is not read to memory, and not asked for again', async () => {
  let [asked, sent] = [0, 0];
  answer = (_request, response) => {
    asked += 1;
    const chunk = Buffer.alloc(2 ** 20, 32);
    const write = (): void => {
      while (sent < 256 && !response.destroyed) {
        sent += 1;
        if (!response.write(chunk)) return void response.once('drain', write);
      }
      response.end();
    };
    write();
  };
  await expect(asking()).rejects.toMatchObject(unreachable(/UND_ERR_RES_EXCEEDED_MAX_SIZE/));
  expect([asked, sent < 100]).toEqual([1, true]);
});

test('what a server says of an entry or a trouble moves no cursor', async () => {
  let said = '';
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    said += String(text);
    return true;
  });
  const hidden = '\u{1b}[2J\u{9b}2J';
  saying(418, { code: 'X', detail: `${hidden}told` });
  const refused = await asking().catch((error: unknown) => error);
  saying(200, { entries: [entry({ correlationId: hidden, causationId: `${hidden}cause` })] });
  expect(await asking()).toBe(0);
  expect(await audit('show', 'an-event', options)).toBe(0);
  expect(await audit('show', 'an-event', { ...options, json: true })).toBe(0);
  expect(said).toMatch(/cause[^]*\\u001b\[2J\\u009b2J/);
  expect(`${String(refused)} ${said}`).toContain('told');
  expect(`${String(refused)} ${said}`.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
});

test('a head of a log with a number that none has is asked for no logs before it', async () => {
  const archived = entry({ archived: true });
  const note = `sample/audit/${'9'.repeat(12)}\n1\n`;
  answer = ({ url: asked = '' }, response) => {
    const told = asked.startsWith('/v1/audit/checkpoint')
      ? { note, treeSize: '2' }
      : asked.startsWith('/v1/audit/state')
        ? archived
        : { entries: [archived] };
    response.end(JSON.stringify(told));
  };
  const asking = audit('state', 'an-order', options);
  await expect(asking).rejects.toMatchObject({ code: 'AUDIT_ENTRY_ARCHIVED' });
});

test('a wrong password, a session without a token and a file that cannot be read are told as such', async () => {
  const { root = '', token: file = '' } = options;
  const signing = { url, root, email: 'a@b.example', password: file };
  saying(401, { code: 'UNAUTHENTICATED', detail: 'the password is wrong' });
  const refused = audit('log', 'an-order', signing);
  await expect(refused).rejects.toMatchObject({ code: 'AUDIT_API_REFUSED' });
  await expect(refused).rejects.toThrow(/password is wrong; see whether --email/);
  await expect(refused).rejects.not.toThrow(/take another/);
  saying(200, { tokens: 'none' });
  await expect(audit('log', 'an-order', signing)).rejects.toMatchObject(
    unreachable(/^API POST \/v1\/sessions: must answer as/),
  );
  const absent = audit('log', 'an-order', { ...signing, password: '/nowhere/password' });
  await expect(absent).rejects.toThrow(/name a file for --password/);
  const noRoot = audit('log', 'an-order', { ...signing, root: file });
  await expect(noRoot).rejects.toMatchObject({ code: 'AUDIT_OPTION_UNUSABLE' });
});

test('a root that NODE_EXTRA_CA_CERTS names vouches for the address', async () => {
  saying(200, { entries: [entry()] });
  const { root = '', token = '' } = options;
  const code = `
    import { audit } from './tools/meridian/commands/audit.ts';
    process.exitCode = await audit('log', 'an-order', ${JSON.stringify({ url, token })});`;
  const asker = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    cwd: fileURLToPath(new URL('../../..', import.meta.url)),
    env: { NODE_EXTRA_CA_CERTS: root, PATH: process.env['PATH'] },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [asker.stdout, asker.stderr])
    stream.on('data', (text) => (said += String(text)));
  const [exitCode] = (await once(asker, 'close')) as [number];
  expect(said).toContain('OrderPlaced 1');
  expect(exitCode).toBe(0);
});
