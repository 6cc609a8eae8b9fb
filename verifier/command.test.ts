import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runCommand } from './command.ts';
import { EMPTY_ROOT } from './hashing.ts';
import { formatProofFile } from './proof-file.ts';
import { headsOf, someLeaves, writeLog } from './testing/memory-log.ts';
import { ReferenceTree } from './testing/reference-tree.ts';
import { TestSigner } from './testing/test-signer.ts';
import { encodeBundle } from './tiles.ts';

const SIZE = 300;
const leaves = someLeaves(SIZE);
const tree = new ReferenceTree(leaves);
const signer = new TestSigner('meridian.example/audit/1');
const witness = new TestSigner('witness.example', 4);
const log = writeLog(leaves);
const key = ['--key', signer.vkey];

let folder: string;
let server: Server;
/** Requests that are answered with 503. */
let failing = 0;

const file = (name: string): string => path.join(folder, name);

function write(name: string, content: string | Uint8Array): string {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), content);
  return file(name);
}

function head(size: number, ...witnesses: readonly TestSigner[]): string {
  return signer.checkpoint(size, headsOf(leaves, [size])[0]?.root ?? EMPTY_ROOT, ...witnesses);
}

function proofOf(index: number): string {
  const [path, checkpoint] = [tree.inclusion(index, SIZE), head(SIZE)];
  return formatProofFile({ extra: leaves[index], index, path, checkpoint });
}

async function run(...argv: readonly string[]) {
  const written = { out: '', err: '' };
  const to = (name: 'out' | 'err') => ({ write: (text: string) => (written[name] += text) });
  return { code: await runCommand(argv, to('out'), to('err')), ...written };
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'verifier-'));
  log.resources.set('checkpoint', Buffer.from(head(SIZE, witness)));
  for (const [name, bytes] of log.resources) write(`log/${name}`, bytes);
  server = createServer((request, response) => {
    const found = log.resources.get((request.url ?? '').replace(/^\/audit\//, ''));
    response.statusCode = failing > 0 ? 503 : found === undefined ? 404 : 200;
    if (request.url?.startsWith('/closed/') === true) response.statusCode = 403;
    failing -= 1;
    response.end(response.statusCode === 200 ? found : 'nothing here');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true });
});

describe('meridian-verifier', () => {
  test('runs where it is installed as a package, and from there as a library', () => {
    const modules = file('elsewhere/node_modules/@meridian');
    mkdirSync(modules, { recursive: true });
    cpSync(import.meta.dirname, path.join(modules, 'verifier'), { recursive: true });
    const proof = write('event.tlog-proof', proofOf(41));
    const node = (...argv: readonly string[]) =>
      spawnSync(process.execPath, argv, {
        cwd: file('elsewhere'),
        encoding: 'utf8',
        env: { ...process.env, NODE_OPTIONS: '' },
      });
    const bin = path.join(modules, 'verifier/meridian-verifier.mjs');
    const proven = node(bin, 'check', proof, ...key);
    expect([proven.status, proven.stderr, proven.stdout.split('\n', 1)[0]]).toEqual([
      0,
      // Nothing of Node.js either, such as that it strips types.
      '',
      "proven: leaf 41 of the head of 300 leaves of 'meridian.example/audit/1'",
    ]);
    expect(node(bin, 'check', proof, '--key', new TestSigner(signer.name).vkey).status).toBe(1);
    expect(node(bin).status).toBe(2);
    const script = write(
      'elsewhere/use.mjs',
      "import { EMPTY_ROOT } from '@meridian/verifier'; console.log(EMPTY_ROOT.length);",
    );
    expect(node('--import', '@meridian/verifier/register.mjs', script).stdout).toBe('32\n');
  });

  test('checks a proof and shows the event', async () => {
    const proof = write('event.tlog-proof', proofOf(41));
    const shown = await run('check', proof, ...key);
    expect(shown.code).toBe(0);
    expect(shown.out).toContain('  subject     order-6\n  time        ');
    const { out } = await run('check', proof, ...key, '--json');
    expect(JSON.parse(out)).toMatchObject({ index: 41, size: SIZE, event: { id: 'event-41' } });
    const forged = write('forged.tlog-proof', proofOf(41).replace('index 41', 'index 42'));
    expect(await run('check', forged, ...key)).toMatchObject({
      ...{ code: 1, out: '' },
      err: expect.stringMatching(/^Inclusion proof of leaf 42 in 300: the root must be /),
    });
  });

  test.each([
    ['in a folder', () => file('log')],
    ['over HTTP', () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit`],
  ])('verifies a log %s', async (_where, at) => {
    const from = write('kept', head(270));
    write('heads/1', head(1));
    write('heads/2', head(256));
    expect(
      await run('verify', '--log', at(), ...key, '--from', from, '--heads', file('heads')),
    ).toMatchObject({
      code: 0,
      out: "verified: 300 leaves, 7 aggregates and 3 older heads against the head of 300 leaves of 'meridian.example/audit/1'\n",
    });
  });

  test('asks again where a server fails for a moment', async () => {
    failing = 1;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/audit/`;
    expect((await run('verify', '--log', url, ...key)).code).toBe(0);
  });

  test('says what a server answered that is not one of a log, or that none is there', async () => {
    const { port } = server.address() as AddressInfo;
    const closed = await run('verify', '--log', `http://127.0.0.1:${port}/closed`, ...key);
    expect(closed).toEqual({
      ...{ code: 2, out: '' },
      err: `Log at 'http://127.0.0.1:${port}/closed/checkpoint': must answer 200 or 404, got 403; see what its server says.\n`,
    });
    // A port that is nobody's: this server had it before.
    const gone = createServer().listen(0, '127.0.0.1');
    await once(gone, 'listening');
    const { port: free } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const { code, err } = await run('verify', '--log', `http://127.0.0.1:${free}`, ...key);
    expect(code).toBe(2);
    expect(err).toMatch(/^Log at '.*': must be reachable, got Error: connect ECONNREFUSED .*\n$/);
  });

  test('names what was changed and what is missing, and says so with its exit code', async () => {
    const changed = [
      ...leaves.slice(0, 5),
      ...someLeaves(7, 2).slice(5, 6),
      ...leaves.slice(6, 256),
    ];
    cpSync(file('log'), file('changed'), { recursive: true });
    write('changed/tile/entries/000', encodeBundle(changed));
    const from = write('kept', head(270));
    const found = await run('verify', '--log', file('changed'), ...key, '--from', from);
    expect(found.code).toBe(1);
    expect(found.out.split('\n')).toEqual([
      "CHANGED: leaf 5 (event event-5, meridian.orders.OrderPlaced, version 3 of 'order-1' of spiffe://meridian.example/ns/meridian/sa/orders) was changed; the head of 270 leaves exposes it",
      "INCOMPLETE: 'order-1' of spiffe://meridian.example/ns/meridian/sa/orders: version 3 a second time in leaf 15",
      "INCOMPLETE: 'order-5' of spiffe://meridian.example/ns/meridian/sa/orders: version 1 missing before leaf 12",
      expect.stringMatching(/^NOT verified: 300 leaves/),
      '',
    ]);
    const { out } = await run('verify', '--log', file('changed'), ...key, '--json');
    expect(JSON.parse(out)).toMatchObject({ findingsCount: 1, incompleteCount: 2 });
  });

  test('asks for the witnesses that are named', async () => {
    const verify = ['verify', '--log', file('log'), ...key, '--witness', witness.vkey];
    expect((await run(...verify)).out).toContain(
      ", seen by 'witness.example' at 1700000000 seconds",
    );
    const absent = ['--witness', new TestSigner('absent.example', 4).vkey];
    expect((await run(...verify, ...absent)).err).toMatch(/must have cosignatures of 2 of the 2/);
    expect((await run(...verify, ...absent, '--quorum', '1')).code).toBe(0);
  });

  test('refuses a head of another log, and one that was kept of another', async () => {
    const other = new TestSigner('other.example');
    const from = write('foreign', other.checkpoint(3, tree.root(3)));
    const keys = [...key, '--key', other.vkey];
    expect(await run('verify', '--log', file('log'), ...keys, '--from', from)).toMatchObject({
      code: 1,
      err: expect.stringContaining("must be of 'meridian.example/audit/1', got 'other.example'"),
    });
    expect((await run('verify', '--log', file('log'), '--key', other.vkey)).code).toBe(1);
  });

  test.each([
    ['no verb', [], 'Command: must be'],
    ['no key', ['verify', '--log', '.'], 'Key: must be given'],
    ['a key cut short', ['verify', '--log', '.', '--key', 'name+01'], "Key 'name+01'"],
    ['a witness as the key', ['verify', '--log', '.', '--key', witness.vkey], 'type ed25519'],
    ['no log', ['verify', ...key], 'must be a folder or a URL'],
    ['a folder without a log', ['verify', '--log', tmpdir(), ...key], "a file 'checkpoint'"],
    ['no proof', ['check', '/nowhere', ...key], 'ENOENT'],
    [
      'a quorum of more than all',
      ['verify', '--log', '.', ...key, '--quorum', '1'],
      'Quorum: must',
    ],
    ['an unknown flag', ['verify', '--nonsense'], '--nonsense'],
  ])('checks nothing with %s, and says how', async (_what, argv, message) => {
    const { code, err } = await run(...argv);
    expect(code).toBe(2);
    expect(err).toContain(message);
    expect(err).not.toContain('    at ');
  });
});
