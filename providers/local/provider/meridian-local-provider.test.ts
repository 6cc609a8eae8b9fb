import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runtime } from '@pulumi/pulumi';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { silentLog } from './engine-log.ts';
import { MeridianLocalProvider } from './meridian-local-provider.ts';

const urnOf = (kind: string) =>
  `urn:pulumi:local::meridian::meridian:zones:Zones$meridian-local:index:${kind}::x`;

const spec = {
  name: 'web',
  revision: '1',
  command: ['${node}', 'web.ts'],
  environment: {},
  files: {},
  liveFiles: {},
  identities: [],
  listens: [],
  readiness: { kind: 'none' },
  stop: { signal: 'SIGTERM', graceSeconds: 5 },
  onRenew: 'none',
  runs: 'always',
  data: false,
};

describe('the provider', () => {
  let root: string;
  let provider: MeridianLocalProvider;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mp-'));
    provider = new MeridianLocalProvider({
      version: '0.1.0',
      log: silentLog,
      environment: {
        MERIDIAN_STATE: join(root, 'state'),
        MERIDIAN_DATA: join(root, 'data'),
        MERIDIAN_RUNTIME: join(root, 'run'),
        MERIDIAN_CACHE: join(root, 'cache'),
        MERIDIAN_PROGRAM: root,
      },
    });
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const diffProcess = (old: object, wanted: object) =>
    provider.diff(
      'a/web',
      urnOf('Process'),
      { zone: 'a', spec, state: 'running', ...old },
      {
        zone: 'a',
        spec,
        state: 'running',
        ...wanted,
      },
    );

  test('names the property, its value and what is allowed when an input is wrong', async () => {
    const { failures } = await provider.check(
      urnOf('PostgresRole'),
      {},
      { server: { zone: 'a', process: 'postgres', port: 17002 }, name: 'Shop', kind: 'root' },
    );
    expect(failures).toEqual([
      { property: 'name', reason: expect.stringMatching(/^name: must be 1 to 63 .*, got "Shop"$/) },
      { property: 'kind', reason: 'kind: must be owner, service or monitor, got "root"' },
      { property: 'state', reason: expect.stringContaining('got nothing') },
    ]);
  });

  test('adds what the program left out', async () => {
    const result = await provider.check(
      urnOf('PostgresRole'),
      {},
      {
        server: { zone: 'a', process: 'postgres', port: 17002 },
        name: 'shop',
        kind: 'service',
        state: 'intact',
      },
    );
    expect(result).toMatchObject({ failures: [], inputs: { connectionLimit: 50 } });
  });

  test('sees no change in another order of keys', async () => {
    const reordered = Object.fromEntries(Object.entries(spec).reverse());
    expect(await diffProcess({}, { spec: reordered })).toMatchObject({ changes: false });
  });

  test('updates a process in place, and replaces it under another name or in another zone', async () => {
    const changed = await diffProcess({}, { spec: { ...spec, revision: '2' } });
    expect(changed).toMatchObject({ changes: true, replaces: [] });
    const renamed = await diffProcess({}, { spec: { ...spec, name: 'shop' } });
    expect(renamed).toMatchObject({ replaces: ['spec'], deleteBeforeReplace: true });
    expect(await diffProcess({}, { zone: 'b' })).toMatchObject({ replaces: ['zone'] });
  });

  test('takes a value that is not known yet for a change', async () => {
    const unknown = { ...spec, revision: runtime.unknownValue };
    expect(await diffProcess({}, { spec: unknown })).toMatchObject({ changes: true, replaces: [] });
  });

  test('updates, not replaces, what a refresh found stopped', async () => {
    const stopped = await diffProcess({ state: 'stopped' }, {});
    expect(stopped).toMatchObject({ changes: true, replaces: [] });
  });

  test('tells an error of the user by its code and message alone', async () => {
    const failing = provider.create(urnOf('Process'), { zone: 'a', spec, state: 'running' });
    await expect(failing).rejects.toThrow(/^AGENT_NOT_RUNNING: /);
  });

  test('deletes what is not there', async () => {
    await provider.delete('a/web', urnOf('Process'), { zone: 'a', spec });
    await provider.delete('a', urnOf('ZoneAgent'), { zone: 'a' });
    await provider.delete('f', urnOf('RootAuthority'), { fingerprint: 'f', lifetimeDays: 1 });
  });

  test('reads as gone what is not there', async () => {
    const gone = { id: '', props: {} };
    expect(await provider.read('a/web', urnOf('Process'), { zone: 'a', spec })).toEqual(gone);
    expect(await provider.read('a', urnOf('ZoneAgent'), { zone: 'a' })).toEqual(gone);
  });

  test('says which variables it needs', async () => {
    const bare = new MeridianLocalProvider({ version: '0', log: silentLog, environment: {} });
    await expect(bare.read('a', urnOf('ZoneAgent'), { zone: 'a' })).rejects.toThrow(
      /^FOLDERS_UNSET: .*MERIDIAN_STATE/,
    );
  });

  test('names the kinds of resources that there are when one is unknown', async () => {
    await expect(provider.check(urnOf('Kafka'), {}, {})).rejects.toThrow(
      /^RESOURCE_TYPE_UNKNOWN: .*meridian-local:index:Process/,
    );
  });
});
