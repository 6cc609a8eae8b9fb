import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { removeGoFolder } from './go-program.ts';
import { OPERATORS } from '../generators/manifest-schemas/sources.ts';
import { engineVersions } from './versions.ts';

const read = (name: string, file: string): string =>
  readFileSync(path.join(import.meta.dirname, name, file), 'utf8');

const programs = [
  'helm',
  'kube-score',
  'kubeconform',
  'etcd',
  'kubernetes',
  'kwok',
  'argo-rollouts',
  'eck',
  'keda',
  'cert-manager',
  'netpol-analyzer',
  'cloudwatch-exporter',
  'registry',
  'stock-judge',
  'log-judge',
  'tessera-log',
  'otelcol',
  'prometheus',
  'alertmanager',
  'victorialogs',
  'jaeger',
] as const;

test.each(programs)('the version of %s is the same in versions.ts and go.mod', (name) => {
  const { module, version: released, ...pinned } = engineVersions[name];
  const version = 'moduleVersion' in pinned ? pinned.moduleVersion : released;
  expect(read(name, 'go.mod')).toMatch(new RegExp(`^(require |\\t)${module} v${version}$`, 'm'));
  expect(read(name, 'go.sum')).toContain(`${module} v${version} h1:`);
});

test('the main of the collector, its go.mod and its manifest have the same components', () => {
  const pairs = (text: string, pattern: RegExp) =>
    [...text.matchAll(pattern)].map(([, module, version]) => `${module} ${version}`).toSorted();
  const manifest = pairs(read('otelcol', 'builder.yaml'), /gomod: (\S+) (v\S+)$/gm);
  expect(manifest).toHaveLength(20);
  const main = read('otelcol', 'components.go') + read('otelcol', 'main.go');
  expect(pairs(main, /"(\S+) (v\d\S+)",$/gm)).toEqual(manifest);
  const required = pairs(read('otelcol', 'go.mod'), /^\t(\S+) (v\S+)$/gm);
  expect(required).toEqual(expect.arrayContaining(manifest));
  expect(read('otelcol', 'builder.yaml')).toContain(`version: ${engineVersions.otelcol.version}\n`);
});

test.each(['argo-rollouts', 'keda', 'cert-manager'] as const)(
  'the custom resources of %s are those of the module that is built',
  (name) => {
    const { module, version, sum } = OPERATORS[name];
    expect(engineVersions[name]).toMatchObject({ module, version });
    expect(read(name, 'go.sum')).toContain(`${module} v${version} ${sum}\n`);
  },
);

test('a folder is removed although Go has left a toolchain in it that is read-only', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'go-build-'));
  const toolchain = path.join(folder, 'modules/golang.org/toolchain/src');
  mkdirSync(toolchain, { recursive: true });
  writeFileSync(path.join(toolchain, 'go.mod'), '', { mode: 0o444 });
  chmodSync(toolchain, 0o555);
  await removeGoFolder(folder);
  expect(existsSync(folder)).toBe(false);
});
