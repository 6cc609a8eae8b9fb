import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { X509Certificate } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { signIntermediate } from '../pki/intermediate.ts';
import { createRoot } from '../pki/root.ts';
import type { ProcessSpec } from '../process-spec.ts';
import { TestZone, until } from '../agent/testing/test-zone.ts';
import { SmallProgram } from '../testing/small-program.ts';
import type { Context } from './resource-handler.ts';
import { Rollouts } from './rollouts.ts';
import { pkiFolder } from './root-authority.ts';

const DAMAGES = {
  emptied: () => 0,
  halved: (bytes: number) => Math.floor(bytes / 2),
} as const;

const ADDRESSES = '127.0.9.1:1\n';
const CONFIGURATION = '{"a":1}';

let zone: TestZone;
let program: SmallProgram;
let warnings: string[];

jest.setTimeout(60_000);

beforeAll(async () => {
  zone = await TestZone.create();
  warnings = [];
  const context: Context = {
    folders: zone.folders,
    signal: new AbortController().signal,
    status: () => undefined,
    warn: (message) => warnings.push(message),
    rollouts: new Rollouts(),
  };
  const store: ProcessSpec = await zone.listener('store', {
    data: true,
    files: { 'config/a.json': CONFIGURATION },
    liveFiles: { addresses: ADDRESSES },
    identities: [
      { folder: 'tls', uris: ['spiffe://t/x'], dnsNames: [], addresses: [], usages: ['server'] },
    ],
    prepare: {
      command: ['/bin/sh', '-c', 'echo made > "$0"', '${data}/row'],
      creates: '${data}/row',
    },
  });
  program = new SmallProgram(context, [store, zone.spec('task', { runs: 'on-demand' })]);
  await program.up();
});

afterAll(() => zone.dispose());

/** Every file of ours but logs, which hold what was said and are read by nobody. */
function filesOfOurs(): readonly string[] {
  return readdirSync(zone.folders.state, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.log'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function tear(file: string, damage: keyof typeof DAMAGES): void {
  truncateSync(file, DAMAGES[damage](readFileSync(file).length));
}

const leaf = () => new X509Certificate(readFileSync(zone.self('store', 'tls', 'tls.crt')));
const root = () => new X509Certificate(readFileSync(join(pkiFolder(zone.folders), 'root.crt')));
const addresses = () => readFileSync(zone.self('store', 'addresses'), 'utf8');
const configuration = () => readFileSync(zone.self('store', 'config', 'a.json'), 'utf8');
const row = () => join(zone.folders.data, 't', 'store', 'row');

async function expectWhole(): Promise<void> {
  expect(await zone.status('store')).toMatchObject({ state: 'ready' });
  expect(await zone.status('task')).toMatchObject({ state: 'idle' });
  expect(leaf().validToDate.getTime()).toBeGreaterThan(Date.now());
  expect(readFileSync(zone.self('store', 'tls', 'ca.crt'), 'utf8')).toBe(root().toString());
  expect(addresses()).toBe(ADDRESSES);
  expect(configuration()).toBe(CONFIGURATION);
  expect(readFileSync(row(), 'utf8')).toBe('kept');
  expect(await program.up()).toEqual({ root: 'same', zone: 'same', store: 'same', task: 'same' });
}

describe.each(['emptied', 'halved'] as const)('files that were %s', (damage) => {
  test('while nothing ran are made again by the next start, and data are kept', async () => {
    writeFileSync(row(), 'kept');
    await zone.killAgent();
    // As a power cut during a preparation leaves it.
    const record = join(zone.folders.state, 'zones/t/running/store.preparing.json');
    writeFileSync(record, '{"dataWasEmpty":true}');
    const files = filesOfOurs();
    expect(files.map((file) => file.slice(zone.folders.state.length))).toEqual(
      expect.arrayContaining([
        ...['/pki/root.key', '/pki/root.crt', '/zones/t/agent.json'],
        ...['/zones/t/authority/authority.key', '/zones/t/authority/chain.json'],
        ...['/zones/t/specs/store.json', '/zones/t/specs/task.json'],
        ...['/zones/t/running/store.json', '/zones/t/running/store.preparing.json'],
      ]),
    );
    for (const file of files) tear(file, damage);
    await program.up();
    await expectWhole();
  });

  test('while their process runs are written again, specs by the next start', async () => {
    const { pid } = await zone.status('store');
    const serial = leaf().serialNumber;
    for (const file of ['tls/tls.key', 'addresses', 'config/a.json']) {
      tear(zone.self('store', file), damage);
    }
    await until('a new certificate', () => leaf().serialNumber !== serial);
    await until('the files', () => addresses() === ADDRESSES && configuration() === CONFIGURATION);
    tear(join(zone.folders.state, 'zones/t/specs/store.json'), damage);
    expect(await program.up()).toMatchObject({ root: 'same', zone: 'same', store: 'updated' });
    await expectWhole();
    expect(await zone.status('store')).toMatchObject({ pid, restarts: 0 });
  });
});

test('a spec that was removed while its process runs is there again after the next start', async () => {
  const { pid } = await zone.status('store');
  rmSync(join(zone.folders.state, 'zones/t/specs/store.json'));
  expect(await program.up()).toMatchObject({ store: 'created' });
  expect(await zone.status('store')).toMatchObject({ pid, state: 'ready' });
  await expectWhole();
});

describe('certificates that begin in the future', () => {
  /** Does something at another time, as far as this process knows. */
  async function under<T>(clockMs: number, work: () => Promise<T>): Promise<T> {
    const clock = jest.spyOn(Date, 'now').mockReturnValue(clockMs);
    try {
      return await work();
    } finally {
      clock.mockRestore();
    }
  }
  const FUTURE_MS = Date.now() + 40 * 86_400_000;

  test('of a zone are told of and made again by the next start', async () => {
    const request = await zone.client.authorityRequest();
    const pki = pkiFolder(zone.folders);
    const later = await under(FUTURE_MS, () =>
      signIntermediate(pki, request, { lifetimeDays: 90 }),
    );
    await expect(zone.client.putAuthority(later)).rejects.toMatchObject({
      code: 'AUTHORITY_INVALID',
      message: expect.stringContaining('begins only at'),
    });
    await zone.killAgent();
    const chain = join(zone.folders.state, 'zones/t/authority/chain.json');
    writeFileSync(chain, JSON.stringify(later));
    await zone.start();
    await until(
      'it says so',
      async () => (await zone.status('store')).problem?.code === 'AUTHORITY_NOT_BEGUN',
    );
    expect(await program.up()).toMatchObject({ root: 'same', zone: 'updated' });
    expect(warnings.at(-1)).toMatch(
      /^The intermediate certificate of zone t begins at .* made again$/,
    );
    await expectWhole();
  });

  test('of the root are told of, and all is issued again', async () => {
    const options = { trustDomain: 'test.local', lifetimeDays: 365 };
    await under(FUTURE_MS, () => createRoot(pkiFolder(zone.folders), options));
    expect(await program.up()).toMatchObject({ root: 'replaced', zone: 'updated' });
    expect(warnings.at(-1)).toMatch(/^The root certificate begins at /);
    await expectWhole();
  });
});
