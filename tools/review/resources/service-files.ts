import { isDeepStrictEqual } from 'node:util';
import { fieldsOf, listOf, textOf, valueAt, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { missingIn, namedPlaces, short } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import { expectedSettings, followsFromGraph, isOtherwiseThanDeclared } from './declared-graphs.ts';
import type { DeclaredSetting } from './declared-graphs.ts';
import type { ObjectChange } from './object-change.ts';
import { rightsIn } from './rights.ts';

const SERVICE_FILE = /^spec\.template\.metadata\.annotations\["meridian\/service\.json"\]$/;

/** Who may call which method, as a service reads it from its own file. Source: language/service-configuration.ts. */
export const allowLists = rightsIn(
  SERVICE_FILE,
  (workload) => {
    const settings = settingsOf(workload);
    if (settings === undefined) return new Map([['what nobody can read', true]]);
    return new Map(
      Object.entries(fieldsOf(settings['allow'])).flatMap(([method, callers]) =>
        listOf(callers).map((caller) => {
          const who = wordOf(caller).split('/sa/').at(-1) ?? '';
          return [`${who} → ${method.split('/').at(-1) ?? method}`, who === '*'] as const;
        }),
      ),
    );
  },
  { isOfWholes: false },
);

/** Of how many requests a trace is kept, of a hundred. */
const TRACES = 'traceSamplePercent';

/** What else stands in that file, by its settings; what follows from what is declared is told of that. */
export const serviceSettings: Aspect = {
  field: SERVICE_FILE,
  tell: (change) => {
    const sides = settingsOn(change);
    const changed = [...sides].filter(([, { was, is }]) => !isDeepStrictEqual(was, is));
    const unknown = changed
      .filter(([name]) => name !== 'allow' && name !== TRACES && !isOtherwise(sides, name))
      .filter(([, setting]) => !followsFromGraph(setting))
      .map(([name]) => name);
    const traces = sides.get(TRACES);
    return [
      ...otherwiseThanDeclared(change),
      ...(traces === undefined || traces.was === traces.is ? [] : [tracesTold(traces)]),
      ...(unknown.length === 0
        ? []
        : [
            {
              kind: 'unknown-change' as const,
              among: 'settings',
              property: unknown.join(', '),
              consequence: 'its program is told something else',
            },
          ]),
    ];
  },
};

function tracesTold({ was, is }: DeclaredSetting): Told {
  const isLess = !(Number(is ?? 100) > Number(was ?? 100));
  return {
    kind: isLess ? 'sight-lost' : 'object-changed',
    among: 'services',
    property: 'traces',
    before: `${short(was)} %`,
    after: `${short(is)} %`,
    consequence:
      is === 0
        ? 'no request leaves a trace any more: what was slow is seen nowhere'
        : isLess
          ? 'fewer requests leave a trace'
          : 'more requests leave a trace',
  };
}

/** What decides who is let in, and for whom a service acts. */
const DECIDING = ['allow', 'context'] as const;

/**
 * Where a service is told to let in others than the program says that it declares: whatever is found by what is declared is
 * not so then.
 */
export function otherwiseThanDeclared(change: ObjectChange): readonly Told[] {
  const sides = settingsOn(change);
  return DECIDING.filter((name) => isOtherwise(sides, name)).map((name) => {
    const { is, expectedAfter } = sides.get(name) ?? {};
    const [declared, deployed] = [rulesIn(expectedAfter), rulesIn(is)];
    const methods = [...new Set([...Object.keys(declared), ...Object.keys(deployed)])]
      .filter((method) => !isDeepStrictEqual(declared[method], deployed[method]))
      .toSorted();
    const [first = ''] = methods;
    const words = name === 'allow' ? 'who may call' : 'for whom it acts';
    return {
      kind: 'declared-otherwise',
      property: `${words}: ${namedPlaces(methods.map(lastPart))}`,
      before: `declared ${readable(declared[first], deployed[first])}`,
      after: `deployed ${readable(deployed[first], declared[first])}`,
      consequence: 'what is said above of calls, routes and access is not what is deployed',
    };
  });
}

function isOtherwise(sides: ReadonlyMap<string, DeclaredSetting>, name: string): boolean {
  const setting = sides.get(name);
  return (
    DECIDING.some((deciding) => deciding === name) &&
    setting?.expectedAfter !== undefined &&
    isOtherwiseThanDeclared(setting)
  );
}

/** What is said of each method, and of all together. */
function rulesIn(setting: unknown): Fields {
  const { methods, ...others } = fieldsOf(setting);
  return { ...fieldsOf(methods), ...others };
}

function lastPart(path: string): string {
  return path.split('/').at(-1) ?? path;
}

/** Such as 'user, support' of a rule of a method; where these are the same, what else only this one has. */
function readable(rule: unknown, other: unknown): string {
  const [own, others] = [wordsOf(rule), wordsOf(other)];
  const [actors, roles] = [fieldsOf(rule)['actors'], fieldsOf(rule)['roles']];
  const plain = [...listOf(actors), ...listOf(roles), ...listOf(rule)].map((word) =>
    lastPart(wordOf(word)),
  );
  const isTold = plain.some((word) => !others.includes(word)) || missingIn(others, own).length > 0;
  const words = isTold ? plain : missingIn(own, others);
  return words.length === 0 ? 'none' : short(words.join(', '));
}

function wordsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [lastPart(value)];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(wordsOf) : [];
}

/** Every setting of a service's file on both sides, with what is declared of it. */
function settingsOn({ before, after, declared }: ObjectChange): Map<string, DeclaredSetting> {
  const [was, is] = [settingsOf(before ?? {}) ?? {}, settingsOf(after ?? {}) ?? {}];
  const name = textOf(is['service'] ?? was['service']);
  const [expectedBefore, expectedAfter] =
    declared === undefined || name === ''
      ? [{}, {}]
      : [expectedSettings(declared.base, name, was), expectedSettings(declared.head, name, is)];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  return new Map(
    names.map((setting) => [
      setting,
      {
        ...{ was: was[setting], is: is[setting] },
        expectedBefore: fieldsOf(expectedBefore)[setting],
        expectedAfter: fieldsOf(expectedAfter)[setting],
      },
    ]),
  );
}

/** What a service is told by its file, empty where it has none; undefined for a file that cannot be read. */
function settingsOf(workload: Fields): Fields | undefined {
  const annotations = fieldsOf(valueAt(workload, 'spec.template.metadata.annotations'));
  const file = textOf(annotations['meridian/service.json']);
  if (file === '') return {};
  try {
    return fieldsOf(JSON.parse(file));
  } catch {
    // Told as rights that nobody knows.
    return undefined;
  }
}
