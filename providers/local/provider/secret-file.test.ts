import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bindHandler } from './bound-handler.ts';
import type { Context, Properties } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';
import { secretFileHandler } from './secret-file.ts';

const handler = bindHandler(secretFileHandler);

let folder: string;
let context: Context;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'meridian-secret-'));
  context = {
    folders: { state: folder, data: folder, runtime: folder, cache: folder, program: folder },
    signal: new AbortController().signal,
    status: () => undefined,
    warn: () => undefined,
    rollouts: new Rollouts(),
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = () => join(folder, 'credentials/provider-api-key');
const secrets = () => readFileSync(file(), 'utf8').trim().split('\n');
const wanted = (generation = 1): Properties => ({
  name: 'provider-api-key',
  generation,
  state: 'intact',
});
const sha256 = (text = '') => createHash('sha256').update(text).digest('hex');
const read = (known: Properties) => handler.read('provider-api-key', known, context);

describe('a secret file', () => {
  let known: Properties;

  test('is its owner’s alone, and the state knows its fingerprint only', async () => {
    const { outputs } = await handler.create(wanted(), context);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
    const [secret] = secrets();
    expect(secret).toMatch(/^[0-9a-f]{64}$/);
    expect(outputs).toEqual({ ...wanted(), fingerprint: sha256(secret) });
    known = outputs;
    expect((await read(known)).props).toEqual(known);
  });

  test('stays what it is when the state was lost', async () => {
    const before = secrets();
    const { outputs } = await handler.create(wanted(), context);
    expect(outputs).toEqual(known);
    expect(secrets()).toEqual(before);
  });

  test('gets another one first in another generation, and keeps the one before it alone', async () => {
    const [first] = secrets();
    const second = await handler.update(known, wanted(2), context);
    expect(secrets()).toEqual([expect.not.stringMatching(first ?? ''), first]);
    known = await handler.update(second, wanted(3), context);
    expect(secrets()).toHaveLength(2);
    expect(secrets()).not.toContain(first);
    expect(known['fingerprint']).toBe(sha256(secrets()[0]));
  });

  test('that is torn or gone is noticed and made again', async () => {
    truncateSync(file(), 30);
    expect((await read(known)).props).toEqual({ ...known, state: 'altered' });
    known = await handler.update({ ...known, state: 'altered' }, wanted(3), context);
    expect(secrets()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    expect((await read(known)).props).toEqual(known);
    rmSync(file());
    expect((await read(known)).id).toBe('');
  });

  test('goes with its resource', async () => {
    await handler.create(wanted(), context);
    await handler.delete(known, context);
    await handler.delete(known, context);
    expect(existsSync(file())).toBe(false);
  });
});

test('a secret file has as many characters as somebody else asks for, and is replaced for another number', async () => {
  const short = { name: 'pager-key', generation: 1, bytes: 16, state: 'intact' };
  const { outputs } = await handler.create(short, context);
  expect(readFileSync(join(folder, 'credentials/pager-key'), 'utf8')).toMatch(/^[0-9a-f]{32}\n$/);
  expect((await handler.read('pager-key', outputs, context)).props).toEqual(outputs);
  const { replaces } = handler.diff(outputs, { ...short, bytes: 32 });
  expect(replaces).toEqual(['bytes']);
});
