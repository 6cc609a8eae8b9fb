import { describe, expect, test } from '@jest/globals';
import { STAGING } from '../corpus/testing/staging-resources.ts';
import type { GivenResource } from '../corpus/testing/staging-resources.ts';
import { previewSteps } from '../corpus/testing/preview-steps.ts';
import { resourceFindings } from './resource-findings.ts';

const KAFKA = STAGING.filter(({ title }) => /^Kafka(?:User|Topic) /.test(title));
const TOPICS = KAFKA.filter(({ title }) => title.startsWith('KafkaTopic ')).map(({ title }) =>
  title.replace(/^.*\//, ''),
);

const acl = (type: string, name: string, ...operations: readonly string[]) => ({
  resource: { type, name, patternType: 'literal' },
  operations,
});

/** What is told where some users get rights besides their own. */
function told(users: RegExp, ...acls: readonly object[]) {
  const head = KAFKA.map((resource): GivenResource => {
    if (!users.test(resource.title)) return resource;
    const spec = resource.inputs['spec'] as { readonly authorization: { readonly acls: object[] } };
    const authorization = { type: 'simple', acls: [...spec.authorization.acls, ...acls] };
    return { ...resource, inputs: { ...resource.inputs, spec: { ...spec, authorization } } };
  });
  return resourceFindings(previewSteps(KAFKA, head)).map(({ kind, subject, property }) => [
    kind,
    subject.replace(/^.*\//, ''),
    property,
  ]);
}

describe('an identity of Kafka', () => {
  test('that may write is told as one more that does, whatever else it may', () => {
    expect(
      told(/\/payments$/, acl('topic', 'orders.events.v1', 'Describe', 'Read', 'Write')),
    ).toEqual([
      ['rights-added', 'payments', 'Describe topic orders.events.v1, Read topic orders.events.v1'],
      ['writer-added', 'payments', 'write topic orders.events.v1'],
    ]);
  });

  test.each([
    ['Create', 'create topic orders.events.v1'],
    ['Alter', 'alter topic orders.events.v1'],
    ['AlterConfigs', 'configure topic orders.events.v1'],
    ['Delete', 'delete topic orders.events.v1'],
  ])('that may %s is one', (operation, property) => {
    expect(told(/\/payments$/, acl('topic', 'orders.events.v1', operation))).toEqual([
      ['writer-added', 'payments', property],
    ]);
  });

  test('that may write to the cluster is one, and one that may do all of it has all rights', () => {
    expect(told(/\/payments$/, acl('cluster', 'kafka-cluster', 'IdempotentWrite'))).toEqual([
      ['writer-added', 'payments', 'write cluster kafka-cluster'],
    ]);
    expect(told(/\/payments$/, acl('topic', 'orders.events.v1', 'All'))).toEqual([
      ['rights-for-all', 'payments', 'All topic orders.events.v1'],
    ]);
  });

  test('that may write all topics is told with all others that may', () => {
    const every = TOPICS.map((topic) => acl('topic', topic, 'Write'));
    expect(told(/\/(?:payments|search)$/, ...every)).toEqual([
      ['writer-added', 'payments', 'write every topic'],
      ['writer-added', 'search', 'write every topic'],
    ]);
  });

  test('that is refused something may do no more for it', () => {
    const denied = { ...acl('topic', 'orders.events.v1', 'Write'), type: 'deny' };
    expect(told(/\/payments$/, denied).map(([kind]) => kind)).toEqual(['rights-added']);
  });
});
