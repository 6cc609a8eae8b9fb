import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIntermediate } from '../../pki/intermediate.ts';
import { createRoot } from '../../pki/root.ts';
import type { IdentitySpec } from '../../process-spec.ts';
import { Authority } from './authority.ts';

const IDENTITY: IdentitySpec = {
  folder: 'tls',
  uris: ['spiffe://test.local/ns/t/sa/x'],
  dnsNames: [],
  addresses: [],
  usages: ['client'],
};
const DAY_MS = 86_400_000;

let folder: string;
const pki = () => join(folder, 'pki');
const file = (name: string) => join(folder, 'authority', name);
const open = () => Authority.open('t', join(folder, 'authority'));

async function sign(authority: Authority) {
  return signIntermediate(pki(), await authority.request(), { lifetimeDays: 300 });
}

beforeEach(async () => {
  folder = mkdtempSync('/tmp/mau-');
  await createRoot(pki(), { trustDomain: 'test.local', lifetimeDays: 365 });
  const authority = await open();
  await authority.accept(await sign(authority));
  jest.spyOn(console, 'error').mockReturnValue();
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

describe.each(['authority.key', 'chain.json'])('%s', (name) => {
  test.each(['emptied', 'halved'])('%s is named, and is made again', async (damage) => {
    const { length } = readFileSync(file(name));
    truncateSync(file(name), damage === 'emptied' ? 0 : Math.floor(length / 2));
    const authority = await open();
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining(file(name)));
    expect(authority.status).toBeUndefined();
    await expect(authority.issue(IDENTITY, 60)).rejects.toMatchObject({
      code: 'AUTHORITY_MISSING',
    });
    await authority.accept(await sign(authority));
    await (await open()).issue(IDENTITY, 60);
  });
});

describe('an authority', () => {
  test('that begins in the future is refused, and says so where it lies already', async () => {
    const authority = await open();
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 40 * DAY_MS);
    const later = await sign(authority);
    clock.mockRestore();
    await expect(authority.accept(later)).rejects.toMatchObject({
      code: 'AUTHORITY_INVALID',
      message: expect.stringContaining('begins only at'),
    });
    writeFileSync(file('chain.json'), JSON.stringify(later));
    await expect((await open()).issue(IDENTITY, 60)).rejects.toMatchObject({
      code: 'AUTHORITY_NOT_BEGUN',
      message: expect.stringMatching(
        /^Zone 't': its authority's certificate begins at .*'npm start'/,
      ),
    });
  });

  test('of a root that begins in the future is of no more use than its root', async () => {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 40 * DAY_MS);
    await createRoot(pki(), { trustDomain: 'test.local', lifetimeDays: 365 });
    clock.mockRestore();
    const authority = await open();
    writeFileSync(file('chain.json'), JSON.stringify(await sign(authority)));
    await expect((await open()).issue(IDENTITY, 60)).rejects.toMatchObject({
      code: 'AUTHORITY_NOT_BEGUN',
    });
  });

  test('is good still when the clock is set back by hours', async () => {
    const authority = await open();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() - DAY_MS / 2);
    await authority.issue(IDENTITY, 60);
  });

  test('of a root that has ended has ended', async () => {
    const authority = await open();
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 400 * DAY_MS);
    await expect(authority.issue(IDENTITY, 60)).rejects.toMatchObject({
      code: 'AUTHORITY_EXPIRED',
    });
  });
});
