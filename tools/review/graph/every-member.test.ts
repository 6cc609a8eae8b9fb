import { beforeAll, describe, expect, test } from '@jest/globals';
import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { DeclaredPlatform } from '../../../infra/declared-file.ts';
import { graphFindings } from './graph-findings.ts';
import { declaredNow } from './testing/declared-now.ts';

let base: DeclaredPlatform;
beforeAll(async () => {
  base = await declaredNow();
});

type Path = readonly (string | number)[];

/** Lists of names, which may be empty; other lists are of something else. */
const NAMES = /(?:actors|roles|signs|secrets|parameters|appendOnly|publishers|consumers|users)$/;

/** The paths of all values that are neither lists nor objects, and of empty lists of names. */
function leavesOf(value: unknown, at: Path = []): readonly Path[] {
  if (value === null || typeof value !== 'object') return [at];
  const entries = Array.isArray(value)
    ? value.map((one, place) => [place, one] as const)
    : Object.entries(value);
  if (entries.length === 0) return NAMES.test(at.join('.')) ? [at] : [];
  return entries.flatMap(([key, one]) => leavesOf(one, [...at, key]));
}

/** A copy in which one value is another of its kind. */
function changedAt(platform: DeclaredPlatform, at: Path): DeclaredPlatform {
  const copy = structuredClone(platform) as unknown;
  let parent = copy as Record<string | number, unknown>;
  for (const key of at.slice(0, -1)) parent = parent[key] as typeof parent;
  const last = at.at(-1) ?? '';
  const value = parent[last];
  if (typeof value === 'number') parent[last] = value + 1;
  else if (typeof value === 'boolean') parent[last] = !value;
  else if (typeof value === 'string') parent[last] = `${value}x`;
  else if (value === null) parent[last] = 1;
  else parent[last] = ['x'];
  return copy as DeclaredPlatform;
}

/** What stands in for a name, of a service, method, message or class of callers: what is equal but for it is one. */
const NAMED = /^(?:access|emits|allow|entries|rateLimits)$/;

function shapeOf(at: Path): string {
  return at
    .map((key, place) =>
      typeof key === 'number' ||
      /[A-Z/.]/.test(key.charAt(0)) ||
      NAMED.test(String(at[place - 1])) ||
      key.includes('.')
        ? '*'
        : key,
    )
    .join('.');
}

/** What nobody depends on, or what only says again what is compared elsewhere. */
const UNTOLD = [
  // Where things stand.
  /^positions\./,
  // What is landed is compared as such, and what is not as a plan: the whole graph repeats both.
  /^graph\.declared\./,
  // Told as the rules of the stack make alerts of it (`alerts`).
  /^graph\.services\.\d+\.alerts\.\d+\.(?:above|feels|name|runbook|severity)$/,
  // In the name of its binding.
  /^graph\.services\.\d+\.stores\.\d+\.(?:kind|name)$/,
  // Only what is implemented is landed.
  /\.implemented$/,
  // It is the platform's name.
  /^graph\.namespace$/,
  // What an alert asks says whom it watches; what of that is written by nothing has a test of its own.
  /^alerts\.\d+\.watches\./,
  /^emits\./,
];

describe('every value that a program declares', () => {
  test('is told of when it changes', () => {
    const paths = leavesOf(base).filter((at) => !UNTOLD.some((one) => one.test(at.join('.'))));
    expect(paths.length).toBeGreaterThan(2_000);
    const byShape = Map.groupBy(paths, shapeOf);
    const silent = [...byShape].flatMap(([shape, [first = []]]) =>
      graphFindings(base, changedAt(base, first)).length > 0 ? [] : [shape],
    );
    expect(silent).toEqual([]);
  });
});

test('what is equal is nothing, also where everything stands elsewhere', () => {
  expect(graphFindings(base, base)).toEqual([]);
  const moved = Object.fromEntries(
    Object.entries(base.positions).map(([name, { file }]) => [name, { file, line: 1 }]),
  );
  expect(graphFindings(base, structuredClone({ ...base, positions: moved }))).toEqual([]);
});

test('a member that no table knows is unknown, with both values', () => {
  const head = structuredClone(base) as unknown as {
    graph: { services: Record<string, unknown>[] };
  };
  Object.assign(head.graph.services[0] ?? {}, { pets: ['cat'] });
  expect(graphFindings(base, head as unknown as DeclaredPlatform)).toEqual([
    expect.objectContaining({
      kind: 'unknown-change',
      subject: 'audit: pets',
      before: 'nothing',
      after: '["cat"]',
    }),
  ]);
  expect(SEVERITIES['unknown-change'].level).toBe('check');
});
