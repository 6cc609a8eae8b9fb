import { expect, test } from '@jest/globals';
import { localResource } from './local-resource.ts';

const urnOf = (kind: string, name: string) =>
  `urn:pulumi:local::meridian::meridian:kafka:Kafka$meridian-local:index:${kind}::${name}`;

const TOPIC = {
  cluster: {
    id: 'tsSsQSrIgiNVI53XF8EcpQ',
    process: 'kafka-broker-a',
    bootstrap: ['127.0.1.4:17005'],
  },
  name: 'catalog.events.v1',
  partitions: 12,
  replication: 3,
  minInSyncReplicas: 2,
  retentionDays: 7,
};

test('an input that the provider would refuse is a problem, in its words', () => {
  const { problems } = localResource(urnOf('KafkaTopic', 'x')).check({ ...TOPIC, partitions: 0 });
  expect(problems).toContainEqual(expect.stringContaining('partitions: must be'));
});

test('what has not changed is the same, and what has is told by its place', () => {
  const topic = localResource(urnOf('KafkaTopic', 'x'));
  const before = { inputs: TOPIC, outputs: topic.outputs(TOPIC) };
  expect(topic.changes(before, TOPIC)).toEqual([]);
  expect(topic.changes(before, { ...TOPIC, retentionDays: 3 })).toEqual([
    { path: ['retentionDays'], kind: 'update', replaces: false, ofInputs: true },
  ]);
});

test('what replaces it is what the provider says', () => {
  const authority = localResource(urnOf('RootAuthority', 'root'));
  const inputs = { trustDomain: 'meridian.local', lifetimeDays: 3650, state: 'valid' };
  const before = { inputs, outputs: authority.outputs(inputs) };
  expect(authority.changes(before, { ...inputs, trustDomain: 'other.local' })).toEqual([
    { path: ['trustDomain'], kind: 'update', replaces: true, ofInputs: true },
  ]);
});

test('what only this machine could tell follows from the name', () => {
  const outputs = (name: string) =>
    localResource(urnOf('SecretFile', name)).outputs({ name })['fingerprint'];
  expect(outputs('one')).toEqual(outputs('one'));
  expect(outputs('one')).not.toEqual(outputs('other'));
});
