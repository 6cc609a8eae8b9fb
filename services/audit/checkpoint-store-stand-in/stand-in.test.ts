import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ObjectStore } from '../publication/object-store.ts';
import { PublishedHeads } from '../publication/published-heads.ts';
import { CheckpointStoreProcess } from '../testing/checkpoint-store-process.ts';
import { bindingTo } from '../testing/store-binding.ts';
import { headOf, testStoreContract } from '../testing/store-contract.ts';
import { createStoreServer } from './http-server.ts';
import { ObjectFiles } from './object-files.ts';
import { readBehaviour } from './trouble.ts';

let folder: string;
const closers: (() => unknown)[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-checkpoint-store-'));
});

afterAll(async () => {
  for (const close of closers) await close();
  rmSync(folder, { recursive: true });
});

/** The stand-in within this process, with a folder of its own. */
async function newStore() {
  const dataFolder = mkdtempSync(join(folder, 'data-'));
  const keys = new Map([['test-access-key-id', 'test-secret-access-key']]);
  const server = createStoreServer({
    bucket: 'checkpoints',
    dataFolder,
    files: new ObjectFiles(dataFolder),
    behaviour: readBehaviour({}),
    admission: () => ({ keys, region: 'local' }),
    log: () => undefined,
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    dataFolder,
    binding: bindingTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
  };
}

function opened(binding: ReturnType<typeof bindingTo>, options = {}) {
  const store = new ObjectStore(binding, options);
  closers.unshift(() => store.close());
  return { store, heads: new PublishedHeads(store, { warn: () => undefined }) };
}

testStoreContract('the stand-in', () => ({
  emptyBucket: async () => (await newStore()).binding,
}));

test('an auditor reads heads as files, and every version of what was replaced', async () => {
  const { dataFolder, binding } = await newStore();
  const { heads } = opened(binding);
  for (const size of [3n, 4n]) await heads.publish(headOf(size));
  const read = (path: string) => readFileSync(join(dataFolder, path), 'utf8');
  expect(readdirSync(join(dataFolder, 'heads'))).toEqual([
    '00000000000000000003',
    '00000000000000000004',
  ]);
  expect(read('checkpoint')).toBe(headOf(4n).note);
  const versions = readdirSync(join(dataFolder, '.versions')).filter((name) =>
    name.startsWith('checkpoint@'),
  );
  expect(versions.map((name) => read(`.versions/${name}`)).toSorted()).toEqual(
    [headOf(3n).note, headOf(4n).note].toSorted(),
  );
});

test('nobody comes in without a signature of what is sent, removes anything or leaves the folder', async () => {
  const { binding } = await newStore();
  const { store } = opened(binding);
  await store.put('heads/1', 'one');
  const codeOf = async (path: string, init: RequestInit = {}) =>
    /<Code>(\w+)</.exec(await (await fetch(`${binding.uri}${path}`, init)).text())?.[1];
  expect(await codeOf('/checkpoints/heads/1')).toBe('AccessDenied');
  expect(await codeOf('/checkpoints/heads/1', { method: 'DELETE' })).toBe('AccessDenied');
  const late = opened(binding, { now: () => new Date(Date.now() - 3_600_000) });
  await expect(late.store.get('heads/1')).rejects.toMatchObject({ kind: 'clock' });
  const elsewhere = opened(bindingTo(binding.uri, { region: 'eu-west-1' }));
  await expect(elsewhere.store.get('heads/1')).rejects.toMatchObject({
    kind: 'region',
    message: expect.stringContaining("to 'local'") as unknown,
  });
  for (const key of ['.trouble', 'heads/.x', 'a//b', 'k'.repeat(201)]) {
    await expect(store.put(key, '')).rejects.toMatchObject({ kind: 'unexpected' });
  }
});

test('misbehaves as its folder asks, and as a folder that cannot be written does', async () => {
  const store = await CheckpointStoreProcess.start(join(folder, 'troubled'), { slowMs: 400 });
  closers.unshift(() => store.stop());
  const { heads: patient } = opened(store.binding);
  const { heads: impatient } = opened(store.binding, { timeoutMs: 200 });
  const kindOf = (size: bigint, heads = patient) =>
    heads.publish(headOf(size)).then(
      () => 'none',
      (error: unknown) => (error as { readonly kind?: string }).kind,
    );
  expect(await kindOf(1n)).toBe('none');
  for (const [word, kind] of [
    ['unavailable', 'away'],
    ['full', 'full'],
    ['read-only', 'read-only'],
    ['slow', 'away'],
  ] as const) {
    store.trouble(word);
    const asked = word === 'slow' ? impatient : patient;
    expect([word, await kindOf(2n, asked)]).toEqual([word, kind]);
    store.trouble(undefined);
  }
  const unfinished = join(store.dataFolder, '.unfinished');
  chmodSync(unfinished, 0o500);
  // Root writes there all the same.
  expect(await kindOf(3n)).toBe(process.getuid?.() === 0 ? 'none' : 'read-only');
  chmodSync(unfinished, 0o700);
  expect(await kindOf(3n)).toBe('none');
});

test('killed while heads come in, it has every one that it took, each as a whole', async () => {
  const store = await CheckpointStoreProcess.start(join(folder, 'killed'));
  closers.unshift(() => store.stop());
  const { heads } = opened(store.binding);
  let size = 0n;
  for (let round = 0; round < 3; round += 1) {
    const taken = size + 5n;
    for (;;) {
      if (size === taken) void store.stop('SIGKILL');
      const published = await heads.publish(headOf(size + 1n)).then(
        () => true,
        () => false,
      );
      if (!published) break;
      size += 1n;
    }
    await store.restart();
    const newest = await heads.newest();
    expect(newest?.size).toBeGreaterThanOrEqual(size);
    expect(newest).toEqual(headOf(newest?.size ?? 0n));
    // The one that was under way is either there or not, and may come again.
    await heads.publish(headOf(size + 1n));
    size += 1n;
  }
  const names = readdirSync(join(store.dataFolder, 'heads'));
  expect(names.map(BigInt)).toEqual(names.map((_, place) => BigInt(place + 1)));
  for (const name of names) {
    const note = readFileSync(join(store.dataFolder, 'heads', name), 'utf8');
    expect(note).toBe(headOf(BigInt(name)).note);
  }
});
