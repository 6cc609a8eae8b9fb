import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { cacheFolder, checkDigest, fillFolder, replaceLink } from './cache.ts';
import { atLeast } from './semantic-version.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'meridian-cache-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('a download', () => {
  // SHA-256 and SHA-512 of 'abc': FIPS 180-2, appendices B.1 and C.1.
  const sha256 = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  const sha512 =
    'sha512-3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6PCOj/uu9RU1EI2Q86A4qmslPpUyknw==';

  test.each([sha256, sha512])('passes when it is what was pinned (%s)', async (expected) => {
    const file = path.join(folder, 'file');
    writeFileSync(file, 'abc');
    await checkDigest(file, expected);
    expect(existsSync(file)).toBe(true);
  });

  test('is removed and named when it is not', async () => {
    const file = path.join(folder, 'engine.whl');
    writeFileSync(file, 'abd');
    await expect(checkDigest(file, sha256)).rejects.toMatchObject({
      code: 'CHECKSUM_MISMATCH',
      message: expect.stringMatching(
        /'engine\.whl': sha256 must be ba78.*, got a52d.*versions\.ts/s,
      ),
    });
    expect(existsSync(file)).toBe(false);
  });
});

describe('a folder of the cache', () => {
  test('is that of whoever is first, where two fill it at once', async () => {
    const target = path.join(folder, 'bases/abc');
    const begun = Promise.withResolvers<undefined>();
    const fill = (text: string, wait: Promise<unknown>) =>
      fillFolder(target, async (temporary) => {
        await wait;
        writeFileSync(path.join(temporary, 'facts.json'), text);
      });
    const late = fill('late', begun.promise);
    await fill('first', Promise.resolve());
    begun.resolve(undefined);
    await late;
    expect(readFileSync(path.join(target, 'facts.json'), 'utf8')).toBe('first');
    expect(readdirSync(path.dirname(target))).toEqual(['abc']);
  });

  test('appears whole or not at all', async () => {
    const target = path.join(folder, 'engine/1.0');
    await expect(
      fillFolder(target, (temporary) => {
        writeFileSync(path.join(temporary, 'half'), '');
        return Promise.reject(new Error('interrupted'));
      }),
    ).rejects.toThrow('interrupted');
    expect(readdirSync(path.join(folder, 'engine'))).toEqual([]);
    await fillFolder(target, (temporary) => {
      writeFileSync(path.join(temporary, 'whole'), 'yes');
      return Promise.resolve();
    });
    expect(readFileSync(path.join(target, 'whole'), 'utf8')).toBe('yes');
  });

  test('loses what an attempt has left that was killed, not what another one is filling', async () => {
    const target = path.join(folder, 'engine/1.0');
    // The kernel's largest pid is 4194304 (proc_sys_kernel(5)), and there is always a process 1.
    for (const pid of [4194305, 1]) {
      mkdirSync(`${target}.partial-${pid}-abcdef/bin`, { recursive: true });
    }
    await fillFolder(target, () => Promise.resolve());
    expect(readdirSync(path.join(folder, 'engine')).toSorted()).toEqual([
      '1.0',
      '1.0.partial-1-abcdef',
    ]);
  });

  test('is not filled twice', async () => {
    const target = path.join(folder, 'engine/1.0');
    await fillFolder(target, () => Promise.resolve());
    await fillFolder(target, () => Promise.reject(new Error('filled again')));
  });

  test('is pointed at by a link that changes in one step', () => {
    const link = path.join(folder, 'current');
    writeFileSync(path.join(folder, 'one'), '1');
    writeFileSync(path.join(folder, 'two'), '2');
    replaceLink(link, 'one');
    replaceLink(link, 'two');
    expect(readFileSync(link, 'utf8')).toBe('2');
  });
});

test('the cache lies where MERIDIAN_CACHE says, else where XDG_CACHE_HOME says', () => {
  expect(cacheFolder({ MERIDIAN_CACHE: '/some/where' })).toBe('/some/where');
  if (process.getuid?.() !== 0) {
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/meridian');
  }
});

test.each([
  ['3.250.0', '3.250.0', true],
  ['3.251.1', '3.250.0', true],
  ['v3.249.9', '3.250.0', false],
  ['1.26.6', '1.26', true],
  ['1.9', '1.26', false],
  ['3.250.0-dev.1', '3.250.0', true],
])('version %s is at least %s: %s', (version, minimum, expected) => {
  expect(atLeast(version, minimum)).toBe(expected);
});
