import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import { ConsoleServer } from './console-server.ts';
import { RunFiles, RUN_BYTES_MAX, RUNS_MAX, smallEnough } from './run-files.ts';
import { StoreAway } from './sources.ts';

const ADDRESS = '127.0.9.7';
const TOKEN = 'f'.repeat(64);
const folder = mkdtempSync(path.join(tmpdir(), 'console-'));
const runs = new RunFiles(folder);
const failures: unknown[] = [];

let port: number;
let server: ConsoleServer;

beforeAll(async () => {
  port = await freePort(ADDRESS);
  const page = {
    type: 'text/html',
    body: Buffer.from('page'),
    gzipped: Buffer.alloc(0),
    etag: '"1"',
  };
  server = new ConsoleServer({
    listen: { address: ADDRESS, port },
    token: TOKEN,
    assets: new Map([['index.html', page]]),
    liveEveryMs: 10,
    failed: (error) => failures.push(error),
    views: {
      platform: () => Promise.resolve({ state: 'well' } as never),
      alerts: () => Promise.reject(new StoreAway('metrics', undefined)),
      purchase: () => Promise.reject(new Error('secret of the console')),
      orders: () => Promise.resolve([]),
      query: (asked, span) => Promise.resolve({ asked, span } as never),
      layout: { width: 1 },
      runs,
    },
  });
  await server.listen();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

async function ask(where: string, { method = 'GET', headers = {}, body = '' }: Sent = {}) {
  const sent = request({ host: ADDRESS, port, path: where, method, headers });
  sent.end(body);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    sent.on('response', resolve).on('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

const own = () => ({ origin: `http://${ADDRESS}:${port}` });

async function signIn(token: string) {
  const headers = { ...own(), 'content-length': String(token.length) };
  return await ask('/api/session', { method: 'POST', body: token, headers });
}

async function session(): Promise<string> {
  const [cookie = ''] = (await signIn(TOKEN)).headers['set-cookie'] ?? [];
  return cookie.split(';')[0] ?? '';
}

describe('who may look', () => {
  test('whoever has the token gets a cookie that no script reads and no other site sends', async () => {
    const { status, headers } = await signIn(TOKEN);
    expect(status).toBe(204);
    expect(headers['set-cookie']).toEqual([
      expect.stringMatching(
        new RegExp(`^meridian-console-${port}=.+; HttpOnly; SameSite=Strict; Path=/$`),
      ),
    ]);
    expect(headers['set-cookie']?.[0]).not.toContain(TOKEN);
    expect((await ask('/api/platform', { headers: { cookie: await session() } })).status).toBe(200);
  });

  test('nobody without it, nor with another or a cookie of their own making', async () => {
    expect((await signIn('e'.repeat(64))).status).toBe(401);
    expect((await ask('/api/platform')).status).toBe(401);
    const cookie = `meridian-console-${port}=guessed`;
    expect((await ask('/api/platform', { headers: { cookie } })).status).toBe(401);
    expect((await ask('/api/live', { headers: { cookie } })).status).toBe(401);
  });

  test('no page of another site, even by a name that leads here', async () => {
    const cookie = await session();
    const attempts: readonly (readonly [number, Readonly<Record<string, string>>])[] = [
      [421, { host: `evil.example:${port}` }],
      [421, { host: `localhost:${port}` }],
      [403, { origin: 'http://evil.example' }],
      [403, { origin: 'null' }],
      [403, { 'sec-fetch-site': 'cross-site' }],
    ];
    for (const [status, headers] of attempts) {
      expect((await ask('/api/platform', { headers: { cookie, ...headers } })).status).toBe(status);
    }
    const token = { method: 'POST', body: TOKEN, headers: { 'content-length': '64' } };
    expect((await ask('/api/session', token)).status).toBe(403);
  });
});

describe('an answer', () => {
  test('runs nothing but the files of the console, and is framed by nobody', async () => {
    const { headers, body } = await ask('/purchase/some-id');
    expect(body).toBe('page');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    });
  });

  test('says what was wrong with a question, and of a bug nothing', async () => {
    const headers = { cookie: await session() };
    const told = async (where: string) => {
      const { status, body } = await ask(where, { headers });
      return [status, (JSON.parse(body) as { readonly message?: string }).message];
    };
    expect(await told('/api/purchase?id=../../etc')).toEqual([
      400,
      "An id must be 4 to 64 letters, digits and hyphens, got '../../etc'",
    ]);
    expect(await told('/api/query?text=up&span=1')).toEqual([
      400,
      "'span' must be 60 to 7776000 seconds, got '1'",
    ]);
    expect(await told('/api/query?text=')).toEqual([
      400,
      "'text' must be 1 to 2000 characters, got 0",
    ]);
    expect(await told('/api/compare?before=1&after=2')).toEqual([
      404,
      "Run '1' is not kept; those that are: none yet",
    ]);
    expect(await told('/api/alerts')).toEqual([503, 'The store of metrics does not answer']);
    expect(await told('/api/purchase?id=abcd')).toEqual([500, 'The console failed']);
    expect(failures).toEqual([new Error('secret of the console')]);
  });

  test('goes on for a page that stays open', async () => {
    const sent = request({
      host: ADDRESS,
      port,
      path: '/api/live',
      headers: { cookie: await session() },
    });
    sent.end();
    const events = await new Promise<string>((resolve, reject) => {
      let read = '';
      sent.on('error', reject).on('response', (response) => {
        response.on('data', (chunk: Buffer) => {
          read += chunk.toString('utf8');
          if (read.split('event: platform').length > 2) resolve(read);
        });
      });
    });
    sent.destroy();
    expect(events).toContain('data: {"state":"well"}\n\n');
  });
});

describe('runs', () => {
  const run = (id: number) => ({
    ...{ id: String(id), endedMs: id, releases: {}, changed: [], edges: [] },
  });

  test('are the last twenty, and a file that is torn is none', async () => {
    for (let more = 0; more < RUNS_MAX + 3; more += 1)
      await runs.keep(run(1_700_000_000_000 + more));
    expect(runs.ids()).toHaveLength(RUNS_MAX);
    expect(runs.read(runs.ids()[0] ?? '')).toMatchObject({ id: '1700000000022' });
    expect(runs.read('../1700000000022')).toBeUndefined();
  });

  test('are small enough to send, however many operations they have', () => {
    const edges = Array.from({ length: 5_000 }, (_, position) => ({
      ...{ id: `a>b ${position}`, from: 'a', to: 'b', operation: String(position) },
      ...{ calls: position, errors: 0, counts: [1 / 3, 2, 3], traces: [] },
    }));
    const text = smallEnough({ ...run(1), edges });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(RUN_BYTES_MAX);
    expect(text).toContain('a>b 4999');
  });
});
