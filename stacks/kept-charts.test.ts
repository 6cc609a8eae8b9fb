import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { keptChartProblems } from './kept-charts.ts';
import type { Pin } from './pins.ts';

const FILE = 'stacks/charts/keda-2.21.0.tgz';
const digest = `sha256:${createHash('sha256').update('an archive').digest('hex')}`;
const chart: Pin = {
  kind: 'chart',
  name: 'keda',
  reference: 'https://charts.example/keda:2.21.0',
  digest,
};
let root = '';

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-charts-'));
  mkdirSync(path.join(root, path.dirname(FILE)), { recursive: true });
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

test('an archive is what was looked up, or is named with what it is', () => {
  writeFileSync(path.join(root, FILE), 'an archive');
  expect(keptChartProblems(root, [chart])).toEqual([]);
  writeFileSync(path.join(root, FILE), 'another one');
  const other = `sha256:${createHash('sha256').update('another one').digest('hex')}`;
  expect(keptChartProblems(root, [chart, { ...chart, name: 'again' }])).toEqual([
    `Chart '${FILE}': must be the archive with the digest ${digest}, which stacks/pins.json records, got ${other}; put it back (git checkout -- ${FILE}), or look it up again with npm run pins`,
  ]);
});

test('an archive that is not kept is missed, unless nobody has looked it up', () => {
  expect(keptChartProblems(root, [chart])).toEqual([expect.stringContaining('got no file;')]);
  const image: Pin = { ...chart, kind: 'image', reference: 'registry.example/keda:2.21.0' };
  expect(keptChartProblems(root, [{ ...chart, digest: 'unresolved' }, image])).toEqual([]);
});
