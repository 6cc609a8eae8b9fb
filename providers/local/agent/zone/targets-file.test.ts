import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProcessSpec } from '../../process-spec.ts';
import { TargetsFile } from './targets-file.ts';

const spec = (name: string, more: Partial<ProcessSpec> = {}): ProcessSpec => ({
  ...{ name, revision: '1', command: ['true'], environment: {}, files: {}, liveFiles: {} },
  identities: [],
  listens: [
    { name: 'grpc', address: '127.0.2.32', port: 17_000 },
    { name: 'metrics', address: '127.0.2.32', port: 17_010 },
  ],
  readiness: { kind: 'none' },
  stop: { signal: 'SIGTERM', graceSeconds: 1 },
  ...{ onRenew: 'none', runs: 'always', data: false },
  ...more,
});

describe('the targets of a zone', () => {
  let folder: string;
  let path: string;
  let file: TargetsFile;
  const told = () => JSON.parse(readFileSync(path, 'utf8')) as unknown;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'targets-'));
    path = join(folder, 'targets/b.json');
    file = new TargetsFile(path, 'b');
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test('are every listen of every process that is meant to run, by whom and for what', async () => {
    await file.tell([spec('catalog-b-0'), spec('seed', { runs: 'on-demand' })]);
    const labels = { __meta_meridian_process: 'catalog-b-0', instance: 'catalog-b-0', zone: 'b' };
    expect(told()).toEqual([
      { targets: ['127.0.2.32:17000'], labels: { ...labels, __meta_meridian_listen: 'grpc' } },
      { targets: ['127.0.2.32:17010'], labels: { ...labels, __meta_meridian_listen: 'metrics' } },
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('are written again only when they change, or somebody has changed the file', async () => {
    await file.tell([spec('catalog-b-0')]);
    const { ino } = statSync(path);
    await file.tell([spec('catalog-b-0')]);
    expect(statSync(path).ino).toBe(ino);
    writeFileSync(path, '[{');
    await file.tell([spec('catalog-b-0')]);
    expect(told()).toHaveLength(2);
    await file.tell([]);
    expect(told()).toEqual([]);
  });
});
