import { SERVICE_PORT } from '@meridian/components/kubernetes/ports.ts';
import { SEVERITIES } from '@meridian/policies/severity.ts';
import type { ChangeKind } from '@meridian/policies/severity.ts';
import type { Finding } from '../finding.ts';

/** What a service's own objects show of any change of it. */
const OF_A_RELEASE = [
  ...(['object-added', 'object-changed', 'object-removed'] as const),
  ...(['service-restarted', 'unknown-change'] as const),
] as const;
/** What rules of Prometheus show of a change of what they are made of. */
const OF_ALERTS = ['alert-added', 'alert-changed', 'alert-loosened', 'unknown-change'] as const;

/**
 * What objects show of a change of the graph that is told already, by the kind of that. A danger is never explained but by
 * the same danger.
 */
const SHOWN_BY: Partial<Readonly<Record<ChangeKind, readonly ChangeKind[]>>> = {
  'alert-added': OF_ALERTS,
  'alert-changed': OF_ALERTS,
  'alert-loosened': OF_ALERTS,
  'call-added': ['network-opened', 'rights-added', ...OF_A_RELEASE, ...OF_ALERTS],
  'call-removed': ['network-closed', 'rights-removed', ...OF_A_RELEASE, ...OF_ALERTS],
  'capacity-down': ['scale-changed', 'limits-changed', ...OF_A_RELEASE, ...OF_ALERTS],
  'contract-broken': OF_A_RELEASE,
  'external-changed': ['network-opened', 'network-closed', 'secret-changed', ...OF_A_RELEASE],
  'limits-changed': ['scale-changed', ...OF_A_RELEASE, ...OF_ALERTS],
  'newly-reachable': ['network-opened', 'rights-added', ...OF_A_RELEASE],
  'objective-loosened': [...OF_A_RELEASE, ...OF_ALERTS],
  'objective-tightened': [...OF_A_RELEASE, ...OF_ALERTS],
  'page-blind': [...OF_A_RELEASE, ...OF_ALERTS],
  'rights-added': OF_A_RELEASE,
  'rights-removed': OF_A_RELEASE,
  'route-added': OF_A_RELEASE,
  'route-removed': OF_A_RELEASE,
  'scale-changed': ['limits-changed', ...OF_A_RELEASE, ...OF_ALERTS],
  'service-added': ['network-opened', 'rights-added', ...OF_A_RELEASE, ...OF_ALERTS],
  'service-removed': ['network-closed', 'rights-removed', ...OF_A_RELEASE, ...OF_ALERTS],
  'sign-in-dropped': ['rights-added', ...OF_A_RELEASE],
  'store-changed': [
    ...(['network-opened', 'network-closed', 'rights-added', 'rights-removed'] as const),
    ...OF_A_RELEASE,
  ],
  'topic-added': ['network-opened', 'rights-added', ...OF_A_RELEASE],
  'topic-changed': OF_A_RELEASE,
  'topic-removed': ['network-closed', 'rights-removed', ...OF_A_RELEASE],
  'words-changed': [...OF_A_RELEASE, ...OF_ALERTS],
  'writer-added': ['network-opened', 'rights-added', ...OF_A_RELEASE],
};

/**
 * Findings of resources that no finding of the graph tells already: of the same kind or one that shows in such objects, about
 * the same services, topics or tasks. What a landing does besides is told.
 */
export function unexplained(
  resourceFindings: readonly Finding[],
  graphFindings: readonly Finding[],
): readonly Finding[] {
  return resourceFindings.filter(
    (finding) => !graphFindings.some((told) => explains(told, finding)),
  );
}

function explains(told: Finding, finding: Finding): boolean {
  const isSame = told.kind === finding.kind;
  const isDanger = SEVERITIES[finding.kind].level === 'danger';
  // Who consumes a topic, or is the first to publish one, is given it in Kafka.
  const isOfTopic = told.kind === 'topic-added' && finding.kind === 'writer-added';
  if (!isSame && !isOfTopic && (isDanger || SHOWN_BY[told.kind]?.includes(finding.kind) !== true))
    return false;
  const parties = new Set(wordsOf(`${told.subject} ${told.from?.declaration ?? ''}`));
  switch (finding.kind) {
    case 'network-opened':
    case 'network-closed':
      return explainsConnection(told, finding, parties);
    case 'rights-added':
    case 'rights-removed':
      return isAbout(finding, parties) && areRightsOf(finding, parties);
    case 'writer-added':
      return isAbout(finding, parties) && areTopicsOf(finding, parties);
    case 'unknown-change':
      // What a release is asked before its promotion is made of what its service promises, and of nothing else.
      return (
        (OF_UNKNOWN.has(finding.among) ||
          (finding.among === 'analyses' && told.from?.member === 'objectives')) &&
        isAbout(finding, parties)
      );
    default:
      // One alert of a service says nothing of another one.
      return isSame && OF_ONE_ALERT.has(finding.kind)
        ? told.subject === finding.subject || told.subject.startsWith(`${finding.subject} of `)
        : isAbout(finding, parties);
  }
}

/** Whose subject is an alert. */
const OF_ONE_ALERT: ReadonlySet<ChangeKind> = new Set(['page-lost', 'page-blind', 'ticket-lost']);
/** Whose unknown changes follow from what services declare: rules that are made of it, and what they are told of it. */
const OF_UNKNOWN: ReadonlySet<string> = new Set(['alerts', 'records', 'settings']);
/** What brings connections of its own, each as often as there are ends. */
const WHOLE: ReadonlySet<ChangeKind> = new Set(['service-added', 'service-removed']);
const CALLS: ReadonlySet<ChangeKind> = new Set(['call-added', 'call-removed']);

/** A call is made at the port of services; an engine has its own, and is named by its labels. */
function explainsConnection(
  told: Finding,
  finding: Finding,
  parties: ReadonlySet<string>,
): boolean {
  if (finding.among !== 'connections') return WHOLE.has(told.kind) && isAbout(finding, parties);
  const [from = '', to = ''] = finding.subject.split(' → ');
  const engines = [from, to].filter((side) => side.startsWith('pods with '));
  const others = [from, to].filter((side) => !engines.includes(side));
  if (!others.every((side) => isOf(side.split(' ')[0] ?? '', parties))) return false;
  return engines.length === 0 ? to.endsWith(` :${SERVICE_PORT}`) : !CALLS.has(told.kind);
}

/** Rights such as 'search → ListPayments' or 'Read topic orders.events.v1', each of which names who or what was changed. */
function areRightsOf({ property = '' }: Finding, parties: ReadonlySet<string>): boolean {
  return property.split(', ').every((right) => {
    const words = right.split(/[^\w.-]+/);
    return right.includes(' → ')
      ? words.filter(Boolean).every((word) => parties.has(word))
      : words.some((word) => isOf(word, parties));
  });
}

/** Topics such as those of 'write topic orders.events.v1, orders.events.v1.dlq', each of which is told. */
function areTopicsOf({ property = '', among }: Finding, parties: ReadonlySet<string>): boolean {
  if (among !== 'KafkaUsers') return true;
  const topics = /^write topic (.+)$/.exec(property)?.[1]?.split(', ') ?? [];
  return topics.length > 0 && topics.every((topic) => parties.has(topic.replace(/\.dlq$/, '')));
}

function isAbout(finding: Finding, parties: ReadonlySet<string>): boolean {
  return namesOf(finding).some((name) => isOf(name, parties));
}

function namesOf({ subject, from }: Finding): readonly string[] {
  return [subject.split(/[\s/]/).at(-1) ?? '', ...(from?.declaration.split(' ').slice(-1) ?? [])];
}

/** Whether a name is one of these, or one with words around it, such as 'audit-kafka-binding'. */
function isOf(name: string, parties: ReadonlySet<string>): boolean {
  return [...parties].some(
    (party) => name === party || name.startsWith(`${party}-`) || name.endsWith(`-${party}`),
  );
}

const NO_NAMES: ReadonlySet<string> = new Set(['service', 'topic', 'task', 'stack', 'external']);

function wordsOf(text: string): readonly string[] {
  const named = text.split(/[^\w.-]+/).filter((word) => word !== '' && !NO_NAMES.has(word));
  return [...named, ...named.flatMap((word) => word.split('.'))];
}
