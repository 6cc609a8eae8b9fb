import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BROKER_NAME } from '@meridian/components/kafka/broker-configuration.ts';
import type { TopicGrant } from '@meridian/components/model/grants.ts';
import { TestAuthority } from '@meridian/kit/testing/authority.ts';
import type { Issued } from '@meridian/kit/testing/authority.ts';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { dropAcl, ensureAcl } from '@meridian/provider-local/kafka/acls.ts';
import type { AclSettings } from '@meridian/provider-local/kafka/acls.ts';
import { ensureTopic } from '@meridian/provider-local/kafka/topics.ts';
import { freePort } from '@meridian/provider-local/testing/free-port.ts';
import type { Admin } from 'kafkajs';
import { sharedKafka } from '../../tests/engines/shared-engines.ts';
import type { SharedKafka } from '../../tests/engines/shared-engines.ts';
import { carryOutAll } from './attempt.ts';
import type { Cell, Principal } from './attempt.ts';
import { kafkaAttempts } from './kafka-attempts.ts';

const TOPICS = ['shelf.events.v1', 'shelf.events.v1.dlq'] as const;
const [EVENTS, DEAD_LETTERS] = TOPICS;
const GRANTS: readonly TopicGrant[] = [
  { principal: 'shelf', topic: EVENTS, operation: 'Write' },
  { principal: 'archive', topic: EVENTS, operation: 'Read' },
  { principal: 'archive', topic: DEAD_LETTERS, operation: 'Write' },
];
/** Extended key usages of an engine's own certificate: id-kp-serverAuth (RFC 5280). */
const SERVER_ONLY = ['1.3.6.1.5.5.7.3.1'];
/** The first requests of a cluster on two busy cores. */
const PATIENCE_MS = 30_000;

let kafka: SharedKafka;
let admin: Admin;
let principals: readonly Principal[];

beforeAll(async () => {
  kafka = await sharedKafka('shelf');
  admin = kafka.client(await kafka.issueAdmin()).admin();
  await admin.connect();
  for (const name of TOPICS) {
    const topic = { name, partitions: 2, replication: 1, minInSyncReplicas: 1, retentionDays: 1 };
    await eventually(() => ensureTopic(admin, topic), PATIENCE_MS);
  }
  for (const { principal, topic, operation } of GRANTS) {
    await ensureAcl(admin, { principal, resource: 'topic', name: topic, operations: [operation] });
  }
  const groups = { resource: 'group-prefix', name: 'archive.' } as const;
  await ensureAcl(admin, { ...groups, principal: 'archive', operations: ['Read'] });
  // What looks after groups is there from the first question on; other suites may have asked before.
  for (const groupId of ['shelf.denial-probe', 'archive.denial-probe', 'denial-probe']) {
    await eventually(() => admin.fetchOffsets({ groupId, topics: [EVENTS] }), PATIENCE_MS);
  }
  principals = await everybody();
}, 180_000);
afterAll(() => admin.disconnect());

async function everybody(): Promise<readonly Principal[]> {
  const named = await Promise.all(
    ['shelf', 'archive', 'stranger', BROKER_NAME].map(async (commonName) => ({
      name: commonName,
      holder: commonName,
      commonName,
      tls: buffers(await kafka.issueClient(commonName)),
    })),
  );
  const other = await (await TestAuthority.create()).issue({ commonName: 'shelf' });
  const { ca } = await kafka.issueAdmin();
  const uris = ['spiffe://meridian.test/shelf'];
  const peer = await kafka.authority.issue({ commonName: '', uris });
  const server = await kafka.authority.issue({ commonName: 'shelf', usages: SERVER_ONLY });
  return [
    ...named,
    { name: 'peer', holder: 'shelf', tls: buffers(peer) },
    { name: 'server', tls: buffers(server) },
    { name: 'from elsewhere', tls: { ...buffers(other), ca: Buffer.from(ca) } },
    { name: 'nobody', tls: { ca: Buffer.from(ca) } },
  ];
}

function buffers({ ca, cert, key }: Issued): Required<Principal['tls']> {
  return { ca: Buffer.from(ca), cert: Buffer.from(cert), key: Buffer.from(key) };
}

async function matrix(port?: number): Promise<readonly Cell[]> {
  const [broker] = kafka.brokers;
  if (broker === undefined) throw new Error('The cluster has no broker');
  const server = { host: broker.address, port: port ?? broker.port };
  return await carryOutAll(kafkaAttempts(GRANTS, principals, server));
}

const wrong = (cells: readonly Cell[]): readonly string[] =>
  cells
    .filter(({ asDeclared }) => !asDeclared)
    .map(({ caller, object, action, detail }) => [caller, object, action, detail].join(', '));

/** Rights reach a broker a moment after the controller has them. */
const untilWrong = (expected: readonly string[]): Promise<void> =>
  eventually(async () => expect(wrong(await matrix())).toEqual(expected), PATIENCE_MS);

describe('what is tried at Kafka', () => {
  test('ends as declared on brokers that are configured as the platform has them', async () => {
    await untilWrong([]);
    const cells = await matrix();
    const admitted = cells.filter(({ verdict }) => verdict === 'admitted');
    const ofServices = admitted.filter(({ caller }) => caller !== BROKER_NAME);
    expect(ofServices.map(({ caller, action, detail }) => [caller, action, detail])).toEqual([
      ['shelf', 'write', 'let in, then INVALID_RECORD'],
      ['archive', 'read', 'let in, then OFFSET_OUT_OF_RANGE'],
      ['archive', 'write', 'let in, then INVALID_RECORD'],
      ['archive', 'be a member', 'let in, then UNKNOWN_MEMBER_ID'],
    ]);
    const ofStranger = cells.filter(({ caller }) => caller === 'stranger');
    expect([...new Set(ofStranger.map(({ detail }) => detail))].sort()).toEqual([
      'CLUSTER_AUTHORIZATION_FAILED',
      'GROUP_AUTHORIZATION_FAILED',
      'TOPIC_AUTHORIZATION_FAILED',
    ]);
  }, 120_000);

  test('leaves topics, groups and what is in them as they were', async () => {
    await matrix();
    const topics = (await admin.listTopics()).filter((name) => !name.startsWith('__'));
    expect(topics.filter((name) => kafka.isOurs(name)).sort()).toEqual([...TOPICS]);
    const { groups } = await admin.listGroups();
    expect(groups.filter(({ groupId }) => kafka.isOurs(groupId))).toEqual([]);
    for (const topic of TOPICS) {
      const offsets = await admin.fetchTopicOffsets(topic);
      expect(offsets.map(({ high }) => high)).toEqual(['0', '0']);
    }
  }, 120_000);

  test.each<[string, AclSettings, string]>([
    [
      'write',
      { principal: 'stranger', resource: 'topic', name: EVENTS, operations: ['Write'] },
      `stranger, topic ${EVENTS}, write, let in, then INVALID_RECORD`,
    ],
    [
      'read',
      { principal: 'stranger', resource: 'topic', name: EVENTS, operations: ['Read'] },
      `stranger, topic ${EVENTS}, read, let in, then OFFSET_OUT_OF_RANGE`,
    ],
    [
      'join the groups of another',
      { principal: 'stranger', resource: 'group-prefix', name: 'archive.', operations: ['Read'] },
      'stranger, groups archive.*, be a member, let in, then UNKNOWN_MEMBER_ID',
    ],
  ])(
    'shows who may %s against the graph',
    async (_what, acl, expected) => {
      await ensureAcl(admin, acl);
      await untilWrong([expected]);
      await dropAcl(admin, acl);
      await untilWrong([]);
    },
    180_000,
  );

  test('shows that a right is missing', async () => {
    const acl = { principal: 'shelf', resource: 'topic', name: EVENTS } as const;
    await dropAcl(admin, acl);
    await untilWrong([`shelf, topic ${EVENTS}, write, TOPIC_AUTHORIZATION_FAILED`]);
    await ensureAcl(admin, { ...acl, operations: ['Write'] });
    await untilWrong([]);
  }, 180_000);

  test('is unclear about a broker that is away', async () => {
    const verdicts = (await matrix(await freePort('127.0.0.1'))).map(({ verdict }) => verdict);
    expect([...new Set(verdicts)]).toEqual(['unclear']);
  }, 60_000);
});
