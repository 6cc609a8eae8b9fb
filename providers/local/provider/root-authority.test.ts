import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRoot } from '../pki/root.ts';
import { pkiFolder, rootAuthorityHandler } from './root-authority.ts';
import type { Context } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';

const wanted = { trustDomain: 'meridian.local', lifetimeDays: 365, state: 'valid' } as const;

describe('a root authority', () => {
  let context: Context;

  beforeEach(() => {
    const root = mkdtempSync(join(tmpdir(), 'mp-'));
    context = {
      folders: { state: root, data: root, runtime: root, cache: root, program: root },
      signal: new AbortController().signal,
      status: () => undefined,
      warn: () => undefined,
      rollouts: new Rollouts(),
    };
  });

  afterEach(() => rmSync(context.folders.state, { recursive: true, force: true }));

  test('keeps its key in a file of its own and out of its outputs', async () => {
    const { outputs } = await rootAuthorityHandler.create(wanted, context);
    const key = join(pkiFolder(context.folders), 'root.key');
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(outputs)).not.toContain('PRIVATE KEY');
    expect(outputs['fingerprint']).toMatch(/^[0-9a-f]{64}$/);
  });

  test('is gone when its key is', async () => {
    const { outputs } = await rootAuthorityHandler.create(wanted, context);
    rmSync(join(pkiFolder(context.folders), 'root.key'));
    const known = rootAuthorityHandler.state.parse(outputs);
    expect(await rootAuthorityHandler.read(known, outputs, context)).toBeUndefined();
  });

  test('shows as expiring when little of its lifetime is left, and is then replaced', async () => {
    await createRoot(pkiFolder(context.folders), {
      trustDomain: 'meridian.local',
      lifetimeDays: 20,
    });
    const known = { fingerprint: '', lifetimeDays: 365 };
    const found = await rootAuthorityHandler.read(known, {}, context);
    expect(found).toMatchObject({ state: 'expiring' });
    expect(rootAuthorityHandler.replacedBy).toContain('state');
  });

  test('is not deleted by the deletion of the one that it has replaced', async () => {
    const { outputs: old } = await rootAuthorityHandler.create(wanted, context);
    const { outputs } = await rootAuthorityHandler.create(wanted, context);
    await rootAuthorityHandler.delete(rootAuthorityHandler.state.parse(old), context);
    expect(readdirSync(pkiFolder(context.folders)).sort()).toEqual(['root.crt', 'root.key']);
    await rootAuthorityHandler.delete(rootAuthorityHandler.state.parse(outputs), context);
    expect(readdirSync(context.folders.state)).toEqual([]);
  });
});
