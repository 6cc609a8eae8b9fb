import { fieldsOf, listOf, objectsIn, textOf, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';

/** Labels of an alert, by which Alertmanager sends it. */
export type AlertLabels = Readonly<Record<string, string>>;

/** Where Alertmanager sends an alert, and how soon. */
export interface PageTarget {
  readonly receiver: string;
  readonly group_wait: string;
  readonly group_interval: string;
  readonly repeat_interval: string;
  readonly group_by: readonly string[];
  /** Times at which it is silent, or the only ones at which it is not. */
  readonly intervals: readonly string[];
}

/** Source: Alertmanager 0.28, "Configuration", route. */
const DEFAULTS: PageTarget = {
  ...{ receiver: 'nobody', group_wait: '30s', group_interval: '5m', repeat_interval: '4h' },
  ...{ group_by: [], intervals: [] },
};

/** What a label must be one of, or none of. */
interface Matcher {
  readonly label: string;
  readonly values: readonly string[];
  readonly isNegated: boolean;
}

/**
 * Where an alert goes: to the first route below that takes it, and to those after it where that goes on.
 * Source: Alertmanager 0.28, dispatch/route.go, Match.
 */
export function targetsOf(
  route: Fields,
  labels: AlertLabels,
  inherited = DEFAULTS,
): readonly PageTarget[] {
  const own = settingsOf(route, inherited);
  const found: PageTarget[] = [];
  for (const below of objectsIn(route['routes'])) {
    if (matchersOf(below)?.every((matcher) => takes(matcher, labels)) !== true) continue;
    found.push(...targetsOf(below, labels, own));
    if (below['continue'] !== true) break;
  }
  return found.length === 0 ? [own] : found;
}

function settingsOf(route: Fields, inherited: PageTarget): PageTarget {
  const text = (name: Exclude<keyof PageTarget, 'group_by' | 'intervals'>): string =>
    typeof route[name] === 'string' ? route[name] : inherited[name];
  const silent = listOf(route['mute_time_intervals']).map((name) => `not in ${wordOf(name)}`);
  const active = listOf(route['active_time_intervals']).map((name) => `only in ${wordOf(name)}`);
  return {
    receiver: text('receiver'),
    group_wait: text('group_wait'),
    group_interval: text('group_interval'),
    repeat_interval: text('repeat_interval'),
    group_by:
      route['group_by'] === undefined
        ? inherited.group_by
        : listOf(route['group_by']).map(wordOf).toSorted(),
    // A route has its own alone.
    intervals: [...silent, ...active],
  };
}

function takes({ label, values, isNegated }: Matcher, labels: AlertLabels): boolean {
  return values.includes(labels[label] ?? '') !== isNegated;
}

/** Labels that each route asks for, in the order of the routes. A route that nobody can read has none. */
export function askedLabels(route: Fields, above: AlertLabels = {}): readonly AlertLabels[] {
  return objectsIn(route['routes']).flatMap((below) => {
    const own = (matchersOf(below) ?? []).filter(({ isNegated }) => !isNegated);
    const asked = own.reduce<readonly AlertLabels[]>(
      (found, { label, values }) =>
        found.flatMap((labels) => values.map((value) => ({ ...labels, [label]: value }))),
      [above],
    );
    return asked
      .slice(0, MOST_OF_A_ROUTE)
      .flatMap((labels) => [labels, ...askedLabels(below, labels)]);
  });
}

/** Of a route that takes one of several values for several labels. */
const MOST_OF_A_ROUTE = 50;

/** Routes with a matcher that is not compared with names, such as a regular expression: each as it stands. */
export function unreadRoutes(route: Fields): readonly Fields[] {
  return objectsIn(route['routes']).flatMap((below) => [
    ...(matchersOf(below) === undefined ? [below] : []),
    ...unreadRoutes(below),
  ]);
}

/** How many routes there are. */
export function routesIn(route: Fields): number {
  return objectsIn(route['routes']).reduce((count, below) => count + routesIn(below), 1);
}

/** What a route takes; undefined where one of its matchers is more than a list of names. */
function matchersOf(route: Fields): readonly Matcher[] | undefined {
  const found = [
    ...listOf(route['matchers']).map((matcher) => matcherOf(textOf(matcher))),
    ...Object.entries(fieldsOf(route['match'])).map(([label, value]) =>
      namesIn(label, '=', wordOf(value)),
    ),
    ...Object.entries(fieldsOf(route['match_re'])).map(([label, value]) =>
      namesIn(label, '=~', wordOf(value)),
    ),
  ];
  const read = found.filter((matcher) => matcher !== undefined);
  return read.length === found.length ? read : undefined;
}

/** A matcher as it is written, such as 'owner="search"'; undefined where it is more than names. */
export function matcherOf(text: string): Matcher | undefined {
  const [, label = '', operator = '', value = ''] =
    /^\s*"?([\w.:-]+)"?\s*(=~|!~|!=|=)\s*(.*)$/s.exec(text) ?? [];
  if (operator === '') return undefined;
  const unquoted = /^"(.*)"\s*$/s.exec(value)?.[1] ?? value.trim();
  return namesIn(label, operator, unquoted);
}

function namesIn(label: string, operator: string, value: string): Matcher | undefined {
  const isNegated = operator.startsWith('!');
  if (!operator.endsWith('~')) return { label, values: [value], isNegated };
  return /^[\w-]+(?:\|[\w-]+)*$/.test(value)
    ? { label, values: value.split('|'), isNegated }
    : undefined;
}
