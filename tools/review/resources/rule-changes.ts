import { fieldsOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { rememberedOf } from '../../meridian/rehearsal/remembered.ts';
import { alertChanges, alertsIn, recordKey, recordsIn, rulesIn } from './alert-rules.ts';
import type { AlertRule, RecordRule } from './alert-rules.ts';
import { namedPlaces } from './aspect.ts';
import type { Told } from './aspect.ts';
import { burnChanges, isOfFactors } from './burn-changes.ts';
import type { DeclaredGraphs } from './declared-graphs.ts';
import { followsFromGraphs } from './declared-rules.ts';
import type { FollowsFromGraphs } from './declared-rules.ts';
import { differingParts } from './differing-part.ts';
import { ruleReach } from './rule-reach.ts';
import type { RuleReach } from './rule-reach.ts';

/** Rules of one side, with what is known of them. */
interface Side {
  readonly alerts: ReadonlyMap<string, AlertRule>;
  readonly records: ReadonlyMap<string, RecordRule>;
  readonly reach: RuleReach;
}

/**
 * What another rule file does to those who are told: alerts one by one; those that can never be on, by what they read on whatever
 * way; and of what is only recorded, who reads it. What is another just as what is declared has it is told of that.
 */
export function ruleChanges(
  before: unknown,
  after: unknown,
  declared?: DeclaredGraphs,
): readonly Told[] {
  const [was, is] = [sideOf(before), sideOf(after)];
  const follows = followsFromGraphs(declared);
  const explained = [...is.alerts].filter(([key, { record, expression }]) =>
    follows(record, was.alerts.get(key)?.expression, expression),
  );
  const blind = [...is.alerts].filter(([key, rule]) => isBlinded(was, is, key, rule));
  const blinded = new Set(blind.map(([, { name }]) => name));
  const lost = [...was.alerts].filter(([key]) => !is.alerts.has(key));
  const toldElsewhere = new Set([...blinded, ...explained.map(([, { name }]) => name)]);
  const toldOf = new Set([...blinded, ...lost.map(([, { name }]) => name)]);
  const gone = [...was.records].filter(([key]) => !is.records.has(key));
  const changed = [...is.records].filter(
    ([key, { expression }]) =>
      was.records.has(key) && was.records.get(key)?.expression !== expression,
  );
  return [
    // What can never be on is not told as one that comes at other times besides.
    ...alertChanges(before, after).filter(
      ({ subject = '', property }) => property !== 'expression' || !toldElsewhere.has(subject),
    ),
    ...blind.filter(([, rule]) => !isToldByService(rule, toldOf)).map(([, rule]) => never(rule)),
    ...burnChanges(was.records, is.records),
    ...ofServices(
      gone.filter(([key, { expression }]) => !follows(key, expression, undefined)),
      ({ names }) => ({
        kind: 'unknown-change',
        property: names,
        consequence: 'whatever reads these records is blind',
      }),
    ),
    ...ofServices(changed, ({ keys, names }) =>
      reckonedOtherwise({ was, is, blinded, follows }, keys, names),
    ),
  ];
}

function sideOf(rules: unknown): Side {
  return sideOfGroups(fieldsOf(rules));
}

const sideOfGroups = rememberedOf((rules: Fields): Side => ({
  alerts: alertsIn(rules),
  records: recordsIn(rules),
  reach: ruleReach(rulesIn(rules)),
}));

function isBlinded(was: Side, is: Side, key: string, rule: AlertRule): boolean {
  const former = was.alerts.get(key);
  return former !== undefined && mayBeOn(was.reach, former) && !mayBeOn(is.reach, rule);
}

/** Whether any value of what it reads turns an alert on. */
function mayBeOn({ bounds }: RuleReach, { expression, record }: AlertRule): boolean {
  const found = bounds(expression);
  return found !== undefined && (record === '' || (found.low <= 1 && found.high >= 1));
}

/** Whether an alert of all services is blind since that of one is, or is gone, which is told. */
function isToldByService({ name }: AlertRule, told: ReadonlySet<string>): boolean {
  return [...told].some((other) => other.startsWith(`${name} of `));
}

function never({ name, isPage }: AlertRule): Told {
  return {
    kind: isPage ? 'page-blind' : 'ticket-lost',
    subject: name,
    among: 'alerts',
    consequence: `whatever happens, ${isPage ? 'nobody is woken' : 'nobody is told'}: what it reads never gets that far`,
  };
}

/** Both sides, and the alerts that are told as blind. */
interface Sides {
  readonly was: Side;
  readonly is: Side;
  readonly blinded: ReadonlySet<string>;
  readonly follows: FollowsFromGraphs;
}

/** Records that are made another way: whoever is told by what is made of them may be told later, or never. */
function reckonedOtherwise(
  { was, is, blinded, follows }: Sides,
  keys: readonly string[],
  names: string,
): Told {
  const expressions = ({ records }: Side, key: string) => records.get(key)?.expression ?? '';
  const told = keys.filter((key) => {
    const [before, after] = [expressions(was, key), expressions(is, key)];
    return !isOfFactors(before, after) && !follows(key, before, after);
  });
  const readers = [...is.alerts.values()].filter(
    ({ name, expression }) =>
      !blinded.has(name) && readsAny(is.reach.reads(expression).rules, new Set(told)),
  );
  const [first = '', ...others] = told;
  if (readers.length === 0) {
    return {
      kind: 'alert-changed',
      property: names,
      consequence: 'what alerts and boards read is reckoned otherwise',
    };
  }
  const pages = readers.filter(({ isPage }) => isPage);
  const [before, after] = differingParts(expressions(was, first), expressions(is, first));
  return {
    kind: 'alert-loosened',
    property: names,
    ...(others.length === 0 ? { before, after } : {}),
    consequence: `${readersText(pages.length > 0 ? pages : readers)}: they may fire later, or never`,
  };
}

function readsAny(rules: ReadonlySet<Fields>, keys: ReadonlySet<string>): boolean {
  return [...rules].some((rule) => keys.has(recordKey(rule)));
}

/** Alerts by their names alone, whatever services they are of. */
function readersText(readers: readonly AlertRule[]): string {
  const names = [...new Set(readers.map(({ name }) => name.split(' of ')[0] ?? name))];
  const what = readers[0]?.isPage === true ? 'pages' : 'tickets';
  return `${what} are made of it, ${namedPlaces(names)}`;
}

interface OfService {
  readonly keys: readonly string[];
  readonly names: string;
}

function ofServices(
  records: readonly (readonly [string, RecordRule])[],
  tell: (of: OfService) => Told,
): readonly Told[] {
  return [...Map.groupBy(records, ([, { service }]) => service)].map(([service, ofService]) => ({
    ...tell({
      keys: ofService.map(([key]) => key),
      names: namedPlaces([...new Set(ofService.map(([, { name }]) => name))]),
    }),
    subject: service === '' ? 'records of the platform' : `records of ${service}`,
    among: 'records',
    ...(service === '' ? {} : { from: { declaration: `service ${service}` } }),
  }));
}
