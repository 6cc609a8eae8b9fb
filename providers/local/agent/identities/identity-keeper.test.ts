import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
} from 'node:fs';
import { join } from 'node:path';
import { signIntermediate } from '../../pki/intermediate.ts';
import { createRoot } from '../../pki/root.ts';
import type { IdentitySpec } from '../../process-spec.ts';
import { Authority } from './authority.ts';
import { IdentityKeeper } from './identity-keeper.ts';

const IDENTITY: IdentitySpec = {
  folder: 'tls',
  uris: ['spiffe://test.local/ns/t/sa/x'],
  dnsNames: [],
  addresses: [],
  usages: ['client'],
};
const MINUTE_MS = 60_000;

let folder: string;
let keeper: IdentityKeeper;

beforeEach(async () => {
  folder = mkdtempSync('/tmp/mik-');
  const pki = join(folder, 'pki');
  await createRoot(pki, { trustDomain: 'test.local', lifetimeDays: 10 });
  const authority = await Authority.open('t', join(folder, 'authority'));
  await authority.accept(
    await signIntermediate(pki, await authority.request(), { lifetimeDays: 5 }),
  );
  mkdirSync(join(folder, 'self'));
  keeper = new IdentityKeeper(join(folder, 'self'), authority, () => 3600);
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const at = (ms: number) => jest.spyOn(Date, 'now').mockReturnValue(ms);

describe('by the wall clock', () => {
  test('a leaf is left alone until half of its life, and renewed then', async () => {
    const start = Date.now();
    expect(await keeper.ensure([IDENTITY])).toBe(true);
    at(start + 29 * MINUTE_MS);
    expect(await keeper.ensure([IDENTITY])).toBe(false);
    at(start + 31 * MINUTE_MS);
    expect(await keeper.ensure([IDENTITY])).toBe(true);
  });

  test('a leaf is renewed when the clock was set back to before it is valid', async () => {
    const start = Date.now();
    await keeper.ensure([IDENTITY]);
    at(start - 5000);
    expect(await keeper.ensure([IDENTITY])).toBe(false);
    at(start - MINUTE_MS);
    expect(await keeper.ensure([IDENTITY])).toBe(true);
  });

  test('an authority that has ended issues nothing and says so', async () => {
    at(Date.now() + 6 * 86_400_000);
    await expect(keeper.ensure([IDENTITY])).rejects.toMatchObject({ code: 'AUTHORITY_EXPIRED' });
  });
});

test('what a crash has left half written is removed by the next issue', async () => {
  const self = join(folder, 'self');
  const torn = `.tls-${'0'.repeat(32)}`;
  mkdirSync(join(self, torn));
  mkdirSync(join(self, `.tls-other-${'0'.repeat(32)}`));
  await keeper.ensure([IDENTITY]);
  const names = readdirSync(self);
  expect(names).not.toContain(torn);
  expect(names).toContain(`.tls-other-${'0'.repeat(32)}`);
  expect(names).toContain(readlinkSync(join(self, 'tls')));
});

describe('what lies on the disk counts, not what is remembered:', () => {
  const link = () => join(folder, 'self', 'tls');
  const files = () =>
    readdirSync(link()).map((name) => [name, statSync(join(link(), name)).size > 0]);
  const whole = [
    ['ca.crt', true],
    ['tls.crt', true],
    ['tls.key', true],
  ];

  beforeEach(async () => {
    await keeper.ensure([IDENTITY]);
    expect(await keeper.ensure([IDENTITY])).toBe(false);
  });

  test.each(['tls.key', 'tls.crt', 'ca.crt'])(
    '%s is issued again when it was removed',
    async (name) => {
      rmSync(join(link(), name));
      expect(await keeper.ensure([IDENTITY])).toBe(true);
      expect(files()).toEqual(whole);
      expect(await keeper.ensure([IDENTITY])).toBe(false);
    },
  );

  test.each(['tls.key', 'tls.crt', 'ca.crt'])(
    '%s is issued again when it was emptied',
    async (name) => {
      truncateSync(join(link(), name));
      expect(await keeper.ensure([IDENTITY])).toBe(true);
      expect(files()).toEqual(whole);
    },
  );

  test('a certificate is issued again when its link or the whole folder is gone', async () => {
    unlinkSync(link());
    expect(await keeper.ensure([IDENTITY])).toBe(true);
    rmSync(join(folder, 'self'), { recursive: true });
    expect(await keeper.ensure([IDENTITY])).toBe(true);
    expect(files()).toEqual(whole);
  });

  test('a certificate is issued over something else that has taken the name of its link', async () => {
    unlinkSync(link());
    mkdirSync(join(link(), 'deep'), { recursive: true });
    expect(await keeper.ensure([IDENTITY])).toBe(true);
    expect(files()).toEqual(whole);
  });
});

test('an issue that cannot be written leaves nothing, however often it is tried', async () => {
  chmodSync(join(folder, 'self'), 0o500);
  try {
    for (let turn = 0; turn < 3; turn += 1) {
      await expect(keeper.ensure([IDENTITY])).rejects.toMatchObject({ code: 'FILE_REFUSED' });
    }
    expect(readdirSync(join(folder, 'self'))).toEqual([]);
  } finally {
    chmodSync(join(folder, 'self'), 0o700);
  }
});

test('two who ask at once get one issue', async () => {
  const answers = await Promise.all([keeper.ensure([IDENTITY]), keeper.ensure([IDENTITY])]);
  expect(answers.sort()).toEqual([false, true]);
});
