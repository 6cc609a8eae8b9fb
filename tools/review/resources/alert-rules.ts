import { fieldsOf, objectsIn, textOf, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import { secondsOf } from './amounts.ts';
import { missingIn } from './aspect.ts';
import type { Told } from './aspect.ts';

/** One rule by which somebody is told. */
export interface AlertRule {
  readonly name: string;
  /** What is recorded that it is on, as recordsIn names records; empty where nothing is. */
  readonly record: string;
  readonly isPage: boolean;
  /** What fires it. */
  readonly expression: string;
  readonly forSeconds: number;
  /** What it says, where it leads, who answers for it. */
  readonly words: string;
}

/** Severities that wake somebody. Source: components/observability/rules/alert.ts; "Alerting on SLOs", SRE Workbook. */
const PAGES: ReadonlySet<string> = new Set(['critical', 'page']);
const SILENT: ReadonlySet<string> = new Set(['info', 'none']);

/**
 * What a change does to alerts, by groups of rules of Prometheus or Grafana: those that `alert` names, and those that record
 * that one is on. Source: Prometheus 3, "Defining recording rules", "Alerting rules"; Grafana, "Alerting provisioning".
 */
export function alertChanges(before: unknown, after: unknown): readonly Told[] {
  const [was, is] = [alertsIn(before), alertsIn(after)];
  return [
    ...missingIn([...was.keys()], [...is.keys()]).flatMap((key) => lost(was.get(key))),
    ...missingIn([...is.keys()], [...was.keys()]).flatMap((key) => {
      const rule = is.get(key);
      return rule === undefined ? [] : [added(rule)];
    }),
    ...[...is].flatMap(([key, rule]) => altered(was.get(key), rule)),
  ];
}

/** A rule that only records. */
export interface RecordRule {
  readonly name: string;
  /** Of which service it is; empty where it is of the platform. */
  readonly service: string;
  readonly expression: string;
}

/** What of groups of rules only records, and no alert is; by name and labels. */
export function recordsIn(rules: unknown): ReadonlyMap<string, RecordRule> {
  return new Map(
    rulesIn(rules)
      .filter((rule) => alertOf(rule) === undefined && rule['record'] !== undefined)
      .map((rule) => {
        const service = textOf(fieldsOf(rule['labels'])['service']);
        const name = textOf(rule['record']);
        return [recordKey(rule), { name, service, expression: wordOf(rule['expr']) }];
      }),
  );
}

/** What a rule records: its name and labels. */
export function recordKey(rule: Fields): string {
  return `${textOf(rule['record'])} ${JSON.stringify(fieldsOf(rule['labels']))}`;
}

/** Every rule of some groups. */
export function rulesIn(rules: unknown): readonly Fields[] {
  return objectsIn(fieldsOf(rules)['groups']).flatMap((group) => objectsIn(group['rules']));
}

/** Alerts by their names; a second one of a name has its number. */
export function alertsIn(rules: unknown): ReadonlyMap<string, AlertRule> {
  const found = rulesIn(rules).flatMap((rule) => {
    const alert = alertOf(rule);
    return alert === undefined ? [] : [alert];
  });
  const counts = Map.groupBy(found, ({ name }) => name);
  return new Map(
    [...counts].flatMap(([name, ofName]) =>
      ofName.map((rule, index) => [index === 0 ? name : `${name} ${index + 1}`, rule] as const),
    ),
  );
}

function alertOf(rule: Fields): AlertRule | undefined {
  const labels = fieldsOf(rule['labels']);
  const recorded = textOf(rule['record']).endsWith(':alert:is_1') ? textOf(labels['alert']) : '';
  const alert = textOf(rule['alert']) || textOf(rule['title']) || recorded;
  if (alert === '') return undefined;
  const { severity, service, ...others } = labels;
  // Prometheus routes by a label what it has just recorded.
  const isPage = PAGES.has(textOf(severity));
  return {
    name: textOf(service) === '' ? alert : `${alert} of ${textOf(service)}`,
    isPage,
    record: recorded === '' ? '' : recordKey(rule),
    expression: textOf(rule['expr']) || JSON.stringify(rule['data'] ?? ''),
    forSeconds: rule['for'] === undefined ? 0 : (secondsOf(rule['for']) ?? Number.NaN),
    words: JSON.stringify([rule['annotations'] ?? {}, others, SILENT.has(textOf(severity))]),
  };
}

function lost(rule: AlertRule | undefined): readonly Told[] {
  if (rule === undefined) return [];
  const { name, isPage } = rule;
  return [
    {
      kind: isPage ? 'page-lost' : 'ticket-lost',
      subject: name,
      among: 'alerts',
      consequence: isPage ? 'nobody is woken by it' : 'nobody is told of it',
    },
  ];
}

function added({ name }: AlertRule): Told {
  return {
    kind: 'alert-added',
    subject: name,
    among: 'alerts',
    consequence: 'somebody is told of one fault more',
  };
}

function altered(was: AlertRule | undefined, is: AlertRule): readonly Told[] {
  if (was === undefined) return [];
  const of = { subject: is.name, among: 'alerts' };
  if (was.isPage && !is.isPage) {
    return [
      {
        ...of,
        kind: 'page-lost',
        property: 'severity',
        before: 'page',
        after: 'ticket',
        consequence: 'nobody is woken by it any more',
      },
    ];
  }
  if (is.forSeconds !== was.forSeconds) {
    const isLater = !(is.forSeconds < was.forSeconds);
    return [
      {
        ...of,
        kind: isLater ? 'alert-loosened' : 'alert-changed',
        property: 'for',
        before: `${was.forSeconds} s`,
        after: `${is.forSeconds} s`,
        consequence: isLater ? 'it fires later' : 'it fires sooner',
      },
    ];
  }
  if (is.expression !== was.expression) {
    return [
      {
        ...of,
        kind: 'unknown-change',
        property: 'expression',
        consequence: 'it fires at other times',
      },
    ];
  }
  return is.words === was.words
    ? []
    : [
        {
          ...of,
          kind: 'alert-changed',
          property: 'words',
          consequence: 'people read something else',
        },
      ];
}
