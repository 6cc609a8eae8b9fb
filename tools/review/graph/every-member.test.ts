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

/** The same with one value that is another of its kind, or null; what is not on the way to it is shared. */
function changedAt(platform: DeclaredPlatform, at: Path, to?: null): DeclaredPlatform {
  return replaced(platform, at, to) as DeclaredPlatform;
}

function replaced(value: unknown, [first, ...rest]: Path, to: null | undefined): unknown {
  if (first === undefined) return to === null ? null : another(value);
  const of = value as Readonly<Record<string | number, unknown>>;
  const now = replaced(of[first], rest, to);
  if (Array.isArray(value))
    return value.map((one, place) => (place === first ? now : (one as unknown)));
  return { ...of, [first]: now };
}

function another(value: unknown): unknown {
  if (typeof value === 'number') return value + 1;
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'string') return `${value}x`;
  return value === null ? 1 : ['x'];
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

/** Whether nothing is said of a head, and the comparison does not end either. */
function isSilent(head: DeclaredPlatform): boolean {
  try {
    return graphFindings(base, head).length === 0;
  } catch (error) {
    expect((error as Error).name).toBe('TypeError');
    return false;
  }
}

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

  test('ends the comparison or is told of when it is nothing at all', () => {
    const paths = leavesOf(base).filter((at) => !UNTOLD.some((one) => one.test(at.join('.'))));
    const silent = [...Map.groupBy(paths, shapeOf)].flatMap(([shape, [first = []]]) =>
      isSilent(changedAt(base, first, null)) ? [shape] : [],
    );
    // A grant that is for ever is null already.
    expect(silent.filter((shape) => !shape.endsWith('keepDays'))).toEqual([]);
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
