// `node tests/costs/write-table.ts <before.json> [<costs.json>]`: the table of docs/testing.md in markdown, from a
// result of `jest --json` of the tree before, and from the costs that `npm test` names at its end.
import { readFileSync } from 'node:fs';
import type { SuiteCost } from '../../tools/meridian/suite-cost.ts';

interface JestResult {
  readonly testResults: readonly {
    readonly name: string;
    readonly startTime: number;
    readonly endTime: number;
    readonly assertionResults: readonly unknown[];
  }[];
}

/** Suites faster than this, before and after, are one line together. */
const SHOWN_FROM_SECONDS = 5;

const [before = '', after] = process.argv.slice(2);
const { testResults } = JSON.parse(readFileSync(before, 'utf8')) as JestResult;
const root = commonFolder(testResults.map(({ name }) => name));
const earlier = new Map(
  testResults.map(({ name, startTime, endTime }) => [
    name.slice(root.length),
    (endTime - startTime) / 1000,
  ]),
);
const costs =
  after === undefined ? [] : (JSON.parse(readFileSync(after, 'utf8')) as readonly SuiteCost[]);
const later = new Map(costs.map((cost) => [cost.suite, cost]));

const suites = [...new Set([...earlier.keys(), ...later.keys()])];
const slowest = (suite: string): number =>
  Math.max(earlier.get(suite) ?? 0, later.get(suite)?.seconds ?? 0);
const shown = suites.filter((suite) => slowest(suite) >= SHOWN_FROM_SECONDS);
const others = suites.filter((suite) => slowest(suite) < SHOWN_FROM_SECONDS);
const seconds = (value: number | undefined): string => value?.toFixed(1) ?? '';
const sum = (values: readonly (number | undefined)[]): string =>
  seconds(values.reduce((total: number, value) => total + (value ?? 0), 0));
const row = (...cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const sumRow = (title: string, of: readonly string[]): string =>
  row(
    title,
    sum(of.map((suite) => earlier.get(suite))),
    costs.length === 0 ? '' : sum(of.map((suite) => later.get(suite)?.seconds)),
    costs.length === 0 ? '' : sum(of.map((suite) => later.get(suite)?.cpuSeconds)),
  );
const rows = [
  row('suite', 'before, s', 'after, s', 'after, CPU s'),
  row('---', '--:', '--:', '--:'),
  ...shown
    .toSorted((left, right) => slowest(right) - slowest(left))
    .map((suite) => {
      const cost = later.get(suite);
      return row(
        suite,
        seconds(earlier.get(suite)),
        seconds(cost?.seconds),
        seconds(cost?.cpuSeconds),
      );
    }),
  sumRow(`${others.length} others`, others),
  sumRow('sum', suites),
];
process.stdout.write(`${rows.join('\n')}\n`);

function commonFolder(files: readonly string[]): string {
  const [first = ''] = files;
  let length = first.length;
  while (!files.every((file) => file.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, first.lastIndexOf('/', length - 1) + 1);
}
