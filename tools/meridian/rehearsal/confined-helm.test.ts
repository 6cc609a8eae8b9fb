import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { release } from '@meridian/provider-rehearsal/provider/release.ts';
import { builtHelm } from '@meridian/provider-rehearsal/testing/built-helm.ts';
import { sampleChart, writeFiles } from '@meridian/provider-rehearsal/testing/sample-chart.ts';
import { WAYS } from '../../review/sandbox/testing/sandboxed-script.ts';
import { confinedHelm } from './confined-helm.ts';

const INPUTS = { name: 'shop', namespace: 'n', chart: './chart', version: '1.0.0', values: {} };

let root: string;
let infra: string;

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'meridian-helm-'));
  infra = path.join(root, 'program/infra');
  mkdirSync(infra, { recursive: true });
  writeFiles(infra, sampleChart);
  // A chart that reads a file of whoever renders it, and says whether it fits.
  writeFileSync(path.join(root, 'schema.json'), '{ "type": "string" }');
  writeFiles(infra, {
    'robber/Chart.yaml': 'apiVersion: v2\nname: robber\nversion: 1.0.0\n',
    'robber/values.schema.json': JSON.stringify({ $ref: `file://${root}/schema.json` }),
  });
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const robbery = (problems: readonly string[]) => problems.join('\n');

test('without a sandbox a chart reads a file of this machine', () => {
  const own = release(infra, builtHelm());
  expect(robbery(own.check({ ...INPUTS, chart: './robber' }).problems)).toMatch(/want string/);
});

describe.each(WAYS)('in a sandbox made by %s', (way) => {
  const confined = () => {
    const program = { folder: path.dirname(infra), main: 'infra/index.ts', way };
    return release(infra, { ...builtHelm(), confined: confinedHelm(program) });
  };

  test('a chart is rendered as it is without one', () => {
    expect(confined().check(INPUTS).problems).toEqual([]);
    expect(confined().outputs(INPUTS)).toEqual(release(infra, builtHelm()).outputs(INPUTS));
  });

  test('a chart reads no file of this machine', () => {
    const problems = robbery(confined().check({ ...INPUTS, chart: './robber' }).problems);
    expect(problems).toMatch(/schema\.json: no such file or directory/);
    expect(problems).not.toMatch(/want string/);
  });
});
