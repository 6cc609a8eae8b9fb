import { fieldsOf, listOf, objectsIn, textOf, valueAt, wordOf } from '@meridian/policies/fields.ts';
import type { Fields } from '@meridian/policies/rule.ts';
import type { Finding } from '../finding.ts';
import { missingIn } from './aspect.ts';
import type { Aspect, Told } from './aspect.ts';
import type { ObjectChange } from './object-change.ts';
import { given, taken } from './rights.ts';

/** One operation on one resource, or on those whose names begin alike. */
interface KafkaRight {
  /** Such as 'Read topic orders.events.v1'. */
  readonly text: string;
  readonly operation: string;
  /** Such as 'topic'. */
  readonly type: string;
  readonly name: string;
  readonly isDenied: boolean;
}

/** Operations by which somebody changes what others read. Source: Kafka 4, "Operations in Kafka". */
const WRITING: Readonly<Record<string, string>> = {
  Write: 'write',
  IdempotentWrite: 'write',
  Create: 'create',
  Alter: 'alter',
  AlterConfigs: 'configure',
  Delete: 'delete',
};

/** What a user of Kafka may do: what he may change first, as one identity more that writes. */
export const kafkaAcls: Aspect = {
  field: /^spec\.authorization\b/,
  isOfWholes: true,
  tell: ({ before, after }) => {
    const [was, is] = [rightsOf(before), rightsOf(after)];
    const added = missingIn([...is.keys()], [...was.keys()]).flatMap((key) => is.get(key) ?? []);
    const removed = missingIn([...was.keys()], [...is.keys()]);
    const writes = added.filter((right) => isWriting(right) && !isOfAll(right));
    const others = added.filter((right) => !isWriting(right) && !isOfAll(right));
    return [
      ...added.filter(isOfAll).map(({ text }) => given(text, true)),
      ...written(writes),
      ...(others.length === 0 ? [] : [given(others.map(({ text }) => text).join(', '), false)]),
      ...(removed.length === 0 ? [] : [taken(removed.join(', '))]),
    ];
  },
};

/** Source: Strimzi 1.2, KafkaUser, `authorization.acls`. */
function rightsOf(user: Fields | undefined): ReadonlyMap<string, KafkaRight> {
  const acls = objectsIn(valueAt(user, 'spec.authorization.acls'));
  const rights = acls.flatMap(({ type, resource, operations, operation, host }) => {
    const of = fieldsOf(resource);
    const [kind, name, pattern] = [of['type'], of['name'], of['patternType']].map(textOf);
    const prefix = ['', 'literal'].includes(pattern ?? '') ? '' : ` by ${pattern}`;
    const isDenied = type === 'deny';
    const from = host === undefined || host === '*' ? '' : ` from ${textOf(host)}`;
    return [...listOf(operations), ...(operation === undefined ? [] : [operation])].map(
      (one): KafkaRight => ({
        text: `${isDenied ? 'not ' : ''}${wordOf(one)} ${kind} ${name}${prefix}${from}`,
        operation: wordOf(one),
        type: kind ?? '',
        name: `${name}${prefix === '' ? '' : '*'}`,
        isDenied,
      }),
    );
  });
  return new Map(rights.map((right) => [right.text, right]));
}

function isOfAll({ operation, name, isDenied }: KafkaRight): boolean {
  return !isDenied && (operation === 'All' || name === '*');
}

function isWriting({ operation, isDenied }: KafkaRight): boolean {
  return !isDenied && WRITING[operation] !== undefined;
}

function written(rights: readonly KafkaRight[]): readonly Told[] {
  const byVerb = Map.groupBy(
    rights,
    ({ operation, type }) => `${WRITING[operation] ?? operation} ${type}`,
  );
  return [...byVerb].map(([what, ofVerb]) => ({
    kind: 'writer-added',
    property: `${what} ${ofVerb.map(({ name }) => name).join(', ')}`,
    consequence: 'whoever reads it acts on what this identity says',
  }));
}

/** Topics that there are after a change. */
export function topicsIn(changes: readonly ObjectChange[]): readonly string[] {
  return changes
    .filter(({ kind, after }) => kind === 'kafka.strimzi.io:KafkaTopic' && after !== undefined)
    .map(({ name }) => name);
}

/** Says of a user who may write every topic that there is just that: several of them are then told as one. */
export function ofEveryTopic(
  findings: readonly Finding[],
  { after }: ObjectChange,
  topics: readonly string[],
): readonly Finding[] {
  if (!findings.some(isOfTopics) || topics.length < 2) return findings;
  const written = new Set(
    [...rightsOf(after).values()]
      .filter(
        ({ operation, type, isDenied }) => `${operation} ${type}` === 'Write topic' && !isDenied,
      )
      .map(({ name }) => name),
  );
  if (!topics.every((topic) => written.has(topic))) return findings;
  return findings.map((finding) =>
    isOfTopics(finding) ? { ...finding, property: 'write every topic' } : finding,
  );
}

function isOfTopics({ kind, property = '' }: Finding): boolean {
  return kind === 'writer-added' && property.startsWith('write topic ');
}
