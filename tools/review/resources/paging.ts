import { isDeepStrictEqual } from 'node:util';
import { fieldsOf, listOf, objectsIn, textOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import { secondsOf } from './amounts.ts';
import { missingIn, namedPlaces, short } from './aspect.ts';
import type { Told } from './aspect.ts';
import { askedLabels, matcherOf, routesIn, targetsOf, unreadRoutes } from './page-routes.ts';
import type { AlertLabels, PageTarget } from './page-routes.ts';
import { receiverChanges, receiversIn, tellsSomebody, wakes } from './page-receivers.ts';
import type { Receivers } from './page-receivers.ts';

/** Whether a text is a configuration of Alertmanager. Source: Alertmanager 0.28, "Configuration". */
export function isOfPaging(configuration: unknown): boolean {
  const { route, receivers } = fieldsOf(configuration);
  return typeof route === 'object' && Array.isArray(receivers);
}

/** Severities that wake somebody; what says none may be anything. Source: components/observability/paging/pager.ts. */
const PAGES: ReadonlySet<string> = new Set(['critical', 'page']);

/** What is told of a page, and of what only waits for the morning. */
const LATE: readonly [ChangeKind, ChangeKind] = ['page-late', 'alert-loosened'];
const LOST: readonly [ChangeKind, ChangeKind] = ['page-lost', 'ticket-lost'];
const ELSEWHERE: readonly [ChangeKind, ChangeKind] = ['page-rerouted', 'alert-loosened'];

/**
 * What a change of Alertmanager's configuration does to pages and tickets: whom each goes to, how soon, and at which times
 * nobody is told. Alerts of every route of both sides are sent by both, so what is told does not depend on how routes are
 * written.
 */
export function pagingChanges(before: unknown, after: unknown): readonly Told[] {
  if (!isOfPaging(before)) return [];
  if (!isOfPaging(after)) {
    return [
      {
        kind: 'page-lost',
        ...{ property: 'routes', before: 'there', after: 'none' },
        consequence: 'nobody is told of any fault',
      },
    ];
  }
  const [was, is] = [fieldsOf(before), fieldsOf(after)];
  const told = [
    ...routeChanges(was, is),
    ...receiverChanges(receiversIn(was), receiversIn(is)),
    ...inhibitions(was, is),
    ...otherSettings(was, is),
  ];
  if (told.length > 0 || isDeepStrictEqual(was, is)) return told;
  return [
    {
      kind: 'alert-changed',
      property: 'routes',
      consequence: 'each alert of a route goes where it went, as soon as it did',
    },
  ];
}

/** So many steps are taken to compare routes: more are more than any platform has. */
const MOST_STEPS = 5_000_000;

function routeChanges(was: Fields, is: Fields): readonly Told[] {
  const [from, to] = [fieldsOf(was['route']), fieldsOf(is['route'])];
  if (isDeepStrictEqual(from, to) && isDeepStrictEqual(was['receivers'], is['receivers'])) {
    return [];
  }
  const asked = [{}, ...askedLabels(from)];
  const known = new Set(asked.map(keyOf));
  const added = askedLabels(to).filter((labels) => !known.has(keyOf(labels)));
  const steps = asked.length * (added.length + 1) * (routesIn(from) + routesIn(to));
  if (steps > MOST_STEPS) return [unread('more routes than can be compared')];
  const [old, now] = [receiversIn(was), receiversIn(is)];
  const compared = (labels: AlertLabels): readonly Told[] =>
    targetChanges(labels, [targetsOf(from, labels), targetsOf(to, labels)], [old, now]);
  const ofKnown = asked.map(compared);
  const ofAdded = added.flatMap((labels) =>
    asked.flatMap((known, index) => {
      if (Object.entries(labels).some(([name, value]) => (known[name] ?? value) !== value)) {
        return [];
      }
      // What is so of the alerts without these labels is told of those.
      const already = new Set((ofKnown[index] ?? []).map(changeIn));
      return compared({ ...known, ...labels }).filter((one) => !already.has(changeIn(one)));
    }),
  );
  const isUnread = !isDeepStrictEqual(unreadRoutes(from), unreadRoutes(to));
  return [
    ...together([...ofKnown.flat(), ...ofAdded]),
    ...(isUnread ? [unread('a route is chosen by more than names')] : []),
  ];
}

function unread(why: string): Told {
  return {
    kind: 'page-rerouted',
    property: 'routes',
    consequence: `${why}: a page may go to somebody else, or to nobody`,
  };
}

function keyOf(labels: AlertLabels): string {
  return JSON.stringify(Object.entries(labels).toSorted());
}

function changeIn({ kind, property, before, after, consequence }: Told): string {
  return JSON.stringify([kind, property, before, after, consequence]);
}

/** Alerts of several owners of which the same is so. */
function together(told: readonly Told[]): readonly Told[] {
  return [...Map.groupBy(told, changeIn).values()].flatMap(([first, ...more]) => {
    if (first === undefined) return [];
    const subjects = [...new Set([first, ...more].map(({ subject = '' }) => subject))];
    const [kind = ''] = subjects[0]?.split(' of ') ?? [];
    const isOfOneKind = subjects.every((subject) => subject.startsWith(`${kind} of `));
    const names = isOfOneKind ? subjects.map((one) => one.slice(`${kind} of `.length)) : subjects;
    return [{ ...first, subject: `${isOfOneKind ? `${kind} of ` : ''}${namedPlaces(names)}` }];
  });
}

function targetChanges(
  labels: AlertLabels,
  [before, after]: readonly [readonly PageTarget[], readonly PageTarget[]],
  receivers: readonly [Receivers, Receivers],
): readonly Told[] {
  const { severity } = labels;
  const isPage = severity === undefined || PAGES.has(severity);
  const of = { subject: subjectOf(labels), among: 'routes' };
  const kindOf = ([page, ticket]: readonly [ChangeKind, ChangeKind]) => (isPage ? page : ticket);
  const receiver = receiverTold([before, after], receivers);
  if (receiver !== undefined) {
    const { kinds, ...told } = receiver;
    return [{ ...of, ...told, kind: kindOf(kinds) }];
  }
  const [was, is] = [before[0], after[0]];
  if (was === undefined || is === undefined) return [];
  return [
    ...(['group_wait', 'group_interval', 'repeat_interval'] as const).flatMap((property) => {
      if (was[property] === is[property]) return [];
      const isLater = !(
        (secondsOf(is[property]) ?? Infinity) < (secondsOf(was[property]) ?? Infinity)
      );
      const later = property === 'repeat_interval' ? 'alert-loosened' : kindOf(LATE);
      return [
        {
          ...{ ...of, property, before: was[property], after: is[property] },
          kind: isLater ? later : ('alert-changed' as const),
          consequence: isLater ? 'whoever is told is told later' : 'whoever is told is told sooner',
        },
      ];
    }),
    ...changedList(was, is, 'group_by').map((sides): Told => ({
      ...{ ...of, ...sides, kind: 'alert-loosened' },
      consequence: 'other faults come as one, of which the later ones are told later',
    })),
    ...changedList(was, is, 'intervals').map((sides): Told => ({
      ...{ ...of, ...sides, property: 'times', kind: kindOf(LOST) },
      consequence: 'nobody is told at other times than before',
    })),
  ];
}

function changedList(was: PageTarget, is: PageTarget, property: 'group_by' | 'intervals') {
  const [before, after] = [was[property].join(', '), is[property].join(', ')];
  return before === after ? [] : [{ property, before: before || 'none', after: after || 'none' }];
}

/** What is said where alerts go to somebody else. */
interface ReceiverTold extends Pick<Told, 'property' | 'before' | 'after' | 'consequence'> {
  readonly kinds: readonly [ChangeKind, ChangeKind];
}

function receiverTold(
  [before, after]: readonly [readonly PageTarget[], readonly PageTarget[]],
  [old, now]: readonly [Receivers, Receivers],
): ReceiverTold | undefined {
  const [was, is] = [before, after].map((targets) => targets.map(({ receiver }) => receiver));
  const [wasNamed, isNamed] = [was ?? [], is ?? []];
  const sides = {
    ...{ property: 'receiver', before: wasNamed.join(', '), after: isNamed.join(', ') },
  };
  const told = {
    before: wasNamed.map((name) => old.get(name)),
    after: isNamed.map((name) => now.get(name)),
  };
  const isWaking = { before: told.before.some(wakes), after: told.after.some(wakes) };
  if (sides.before === sides.after) {
    // A route to a receiver that is no longer there: what is so of one that is, is told of it.
    const isGone = told.before.every(tellsSomebody) && told.after.includes(undefined);
    return isGone
      ? { ...sides, kinds: LOST, after: 'nobody', consequence: 'there is no such receiver' }
      : undefined;
  }
  if (!told.after.some(tellsSomebody)) {
    return { ...sides, kinds: LOST, consequence: 'they reach nobody' };
  }
  if (isWaking.before && !isWaking.after) {
    return { ...sides, kinds: LOST, consequence: 'they wake nobody, and wait for the morning' };
  }
  if (!isWaking.before && isWaking.after) {
    const kinds = ['alert-changed', 'alert-changed'] as const;
    return { ...sides, kinds, consequence: 'they wake somebody' };
  }
  const isMore = missingIn(wasNamed, isNamed).length === 0;
  return isMore
    ? { ...sides, kinds: ['alert-changed', 'alert-changed'], consequence: 'more people are told' }
    : { ...sides, kinds: ELSEWHERE, consequence: 'they go to somebody else' };
}

function subjectOf({ severity, owner, ...others }: AlertLabels): string {
  const kind = severity === undefined ? 'alerts' : PAGES.has(severity) ? 'pages' : 'tickets';
  const labels = Object.entries(others).map(([name, value]) => `${name}=${value}`);
  if (owner !== undefined) return [`${kind} of ${owner}`, ...labels].join(' with ');
  if (labels.length > 0) return `${kind} with ${labels.join(' and ')}`;
  return severity === undefined ? 'alerts that no route names' : `${kind} that no owner has`;
}

/** Alerts that are silent while others are on. */
function inhibitions(was: Fields, is: Fields): readonly Told[] {
  const [before, after] = [was, is].map((side) =>
    objectsIn(side['inhibit_rules']).map((rule) => JSON.stringify(rule)),
  );
  const [gone, come] = [missingIn(before ?? [], after ?? []), missingIn(after ?? [], before ?? [])];
  return [
    ...come.map((rule): Told => {
      const {
        target_matchers: target,
        equal,
        source_matchers: source,
      } = fieldsOf(JSON.parse(rule));
      return {
        kind: mayBePage(target) ? 'page-lost' : 'ticket-lost',
        property: 'inhibit_rules',
        before: 'none',
        after: short({ target, source, equal }),
        consequence: 'what it names is silent while another alert is on',
      };
    }),
    ...(gone.length > 0 && come.length === 0
      ? [
          {
            kind: 'alert-changed' as const,
            property: 'inhibit_rules',
            consequence: 'what was silent while another alert is on is told',
          },
        ]
      : []),
  ];
}

function mayBePage(target: unknown): boolean {
  return listOf(target)
    .map((matcher) => matcherOf(textOf(matcher)))
    .every(
      (matcher) =>
        matcher?.label !== 'severity' ||
        matcher.isNegated ||
        matcher.values.some((value) => PAGES.has(value)),
    );
}

const COMPARED: ReadonlySet<string> = new Set(['route', 'receivers', 'inhibit_rules']);

/** What holds for all receivers and routes, such as an address of PagerDuty or the times that routes name. */
function otherSettings(was: Fields, is: Fields): readonly Told[] {
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].toSorted();
  return names
    .filter((name) => !COMPARED.has(name) && !isDeepStrictEqual(was[name], is[name]))
    .map((name) => ({
      kind: name === 'templates' || name === 'tracing' ? 'unknown-change' : 'page-rerouted',
      property: name,
      consequence: 'every page may come later, or to somebody else, or to nobody',
    }));
}
