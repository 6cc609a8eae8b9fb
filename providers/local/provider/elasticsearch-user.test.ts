import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isHashOf } from '../elasticsearch/password-hash.ts';
import type { Folders } from '../folders.ts';
import { passwordFingerprint } from '../machine/passwords.ts';
import { bindHandler } from './bound-handler.ts';
import { elasticsearchUserHandler } from './elasticsearch-user.ts';
import type { Context, Properties } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';

const handler = bindHandler(elasticsearchUserHandler);
let state: string;
let context: Context;

beforeAll(() => {
  state = mkdtempSync(join(tmpdir(), 'musers-'));
  const folders: Folders = { state, data: '/none', runtime: '/none', cache: '/none', program: '/' };
  context = {
    folders,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: () => undefined,
    rollouts: new Rollouts(),
  };
});

afterAll(() => rmSync(state, { recursive: true }));

const wanted = (name = 'books', generation = 1): Properties => ({
  node: { zone: 'a', process: 'elasticsearch' },
  name,
  generation,
  state: 'intact',
});
const passwordFile = (name = 'books') => join(state, `credentials/elasticsearch-${name}`);
const password = (name = 'books') => readFileSync(passwordFile(name), 'utf8').trim();
const usersFile = () => join(state, 'credentials/elasticsearch.users');
const users = () => readFileSync(usersFile(), 'utf8').trimEnd().split('\n');
const hashOf = (name: string) =>
  users()
    .find((line) => line.startsWith(`${name}:`))
    ?.slice(name.length + 1) ?? '';

describe('a user of Elasticsearch', () => {
  let outputs: Properties;

  test('gets a password that only its file holds, beside others that are made at the same time', async () => {
    const all = ['books', 'authors', 'probe'].map((name) => handler.create(wanted(name), context));
    [{ outputs } = { outputs: {} }] = await Promise.all(all);
    expect(users()).toHaveLength(3);
    expect(statSync(usersFile()).mode & 0o777).toBe(0o600);
    expect(statSync(passwordFile()).mode & 0o777).toBe(0o600);
    expect(password()).toMatch(/^[0-9a-f]{64}$/);
    expect(isHashOf(hashOf('books'), password())).toBe(true);
    expect(outputs['passwordFingerprint']).toBe(passwordFingerprint(password()));
    expect(JSON.stringify(outputs)).not.toContain(password());
    expect((await handler.read('id', outputs, context)).props).toEqual(outputs);
  });

  test('keeps its password where the file of users is torn, and is in it again', async () => {
    const before = password();
    truncateSync(usersFile(), 20);
    const found = await handler.read('id', outputs, context);
    expect(found.inputs).toMatchObject({ state: 'altered' });
    expect(handler.diff(found.props as Properties, wanted())).toMatchObject({ changes: true });
    expect(await handler.update(found.props as Properties, wanted(), context)).toEqual(outputs);
    expect(password()).toBe(before);
    // What is torn is nobody, and the others' updates bring them back.
    expect(users()).toHaveLength(1);
    await handler.create(wanted('authors'), context);
    expect(users()).toHaveLength(2);
  });

  test.each(['torn', 'gone', 'written by somebody else'])(
    'gets another password where the one that it had is %s',
    async (what) => {
      const before = password();
      if (what === 'torn') truncateSync(passwordFile(), 30);
      if (what === 'gone') rmSync(passwordFile());
      if (what === 'written by somebody else') writeFileSync(passwordFile(), 'open sesame\n');
      expect((await handler.read('id', outputs, context)).inputs).toMatchObject({
        state: 'altered',
      });
      outputs = await handler.update(outputs, wanted(), context);
      expect(password()).not.toBe(before);
      expect(isHashOf(hashOf('books'), password())).toBe(true);
      expect((await handler.read('id', outputs, context)).props).toEqual(outputs);
    },
  );

  test('gets another password with another generation', async () => {
    const before = password();
    outputs = await handler.update(outputs, wanted('books', 2), context);
    expect(outputs).toMatchObject({ generation: 2 });
    expect(isHashOf(hashOf('books'), before)).toBe(false);
    expect(isHashOf(hashOf('books'), password())).toBe(true);
  });

  test('leaves nothing behind, and the others as they are', async () => {
    await handler.delete(outputs, context);
    expect((await handler.read('id', outputs, context)).id).toBe('');
    expect(users()).toEqual([expect.stringMatching(/^authors:/)]);
    await handler.delete(outputs, context);
  });
});
