import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { programFolder } from './places.ts';
import { enginesFor, refuseTwoRuns, TELEMETRY_SUITES, type TestOptions } from './test-options.ts';

const besideChanged = (given: string): string =>
  `Option '--changed': must be given without names of suites, --long and --cluster, got it beside ${given}; leave out one of them`;

test.each<readonly [readonly string[], TestOptions, string]>([
  [['catalog'], { changed: true }, besideChanged("'catalog'")],
  [['catalog', 'orders'], { changed: 'HEAD~1' }, besideChanged("'catalog' and 'orders'")],
  [[], { changed: true, long: true }, besideChanged('--long')],
  [[], { changed: true, cluster: true }, besideChanged('--cluster')],
  [
    [],
    { long: true, cluster: true },
    "Option '--long': must be given without --cluster, got it beside --cluster; leave out one of them",
  ],
  [
    ['jobs'],
    { all: true },
    "Option '--all': must be given with --cluster, got it without; other suites leave nothing out, so leave it out too",
  ],
])('%j with %j asks for two runs and is refused', (names, options, message) => {
  expect(() => refuseTwoRuns(names, options)).toThrow(
    expect.objectContaining({ code: 'TEST_OPTION_UNUSABLE', message }),
  );
});

test.each<readonly [readonly string[], TestOptions]>([
  [[], {}],
  [['catalog'], {}],
  [[], { changed: true }],
  [[], { changed: 'HEAD~1' }],
  [['kills'], { long: true }],
  [['jobs'], { cluster: true }],
  [['up'], { cluster: true, all: true }],
])('%j with %j asks for one run', (names, options) => {
  expect(() => refuseTwoRuns(names, options)).not.toThrow();
});

test('the programs of telemetry are built for all suites and for those that run them', () => {
  for (const suite of TELEMETRY_SUITES) expect(existsSync(`${programFolder}/${suite}`)).toBe(true);
  const areBuilt = (names: readonly string[], options: TestOptions) =>
    enginesFor(names, options).telemetry === true;
  expect(areBuilt([], {})).toBe(true);
  expect(areBuilt([], { changed: true })).toBe(true);
  expect(areBuilt([], { long: true })).toBe(true);
  expect(areBuilt(['telemetry-engines'], {})).toBe(true);
  expect(areBuilt(['golden'], {})).toBe(true);
  expect(areBuilt(['telemetry-platform'], { long: true })).toBe(true);
  expect(areBuilt(['catalog'], {})).toBe(false);
  expect(areBuilt(['purchases'], { long: true })).toBe(false);
  // The suites of every change have another name.
  expect(areBuilt(['telemetry-platform'], {})).toBe(false);
});
