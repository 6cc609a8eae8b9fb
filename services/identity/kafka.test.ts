import { fromBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import kafkajs from 'kafkajs';
import { sharedKafka } from '../../tests/engines/shared-engines.ts';
import type { SharedKafka } from '../../tests/engines/shared-engines.ts';
import {
  AccountCreatedSchema,
  SessionCreatedSchema,
} from './contract/gen/meridian/identity/v1/events_pb.js';
import { IdentityService } from './contract/gen/meridian/identity/v1/identity_pb.js';
import { present } from './testing/client.ts';
import { IdentityProcess } from './testing/identity-process.ts';

const TOPIC = 'identity.events.v1';
const { createAccount, createSession } = IdentityService.method;
const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

let kafka: SharedKafka;
let identity: IdentityProcess;

beforeAll(async () => {
  kafka = await sharedKafka('identity');
  const admin = kafka.client(await kafka.issueAdmin()).admin();
  await admin.connect();
  await admin.createTopics({
    topics: [{ topic: TOPIC, numPartitions: 3, replicationFactor: 1 }],
  });
  // All that the graph gives it.
  await admin.createAcls({
    acl: [
      {
        resourceType: AclResourceTypes.TOPIC,
        resourceName: TOPIC,
        resourcePatternType: ResourcePatternTypes.LITERAL,
        principal: 'User:identity',
        host: '*',
        operation: AclOperationTypes.WRITE,
        permissionType: AclPermissionTypes.ALLOW,
      },
    ],
  });
  await admin.disconnect();
  const issued = await kafka.issueClient('identity');
  identity = await IdentityProcess.start({
    kafka: { bootstrapServers: kafka.bootstrapServers, issued },
  });
}, 180_000);

afterAll(() => identity.stop());

test('what happens to an account arrives in Kafka, in its order, under the id of the account', async () => {
  const gateway = await identity.clientOf('gateway');
  const somebody = { email: 'ann@example.com', password: 'seven blue lanterns' };
  const { account } = await gateway.unary(createAccount, somebody);
  const { sessionId } = present((await gateway.unary(createSession, somebody)).tokens);
  const { accountId } = present(account);
  const consumer = kafka
    .client(await kafka.issueAdmin())
    .consumer({ groupId: 'identity-test', maxWaitTimeInMs: 200 });
  const found: { key: string; type: string; value: Buffer }[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: TOPIC, fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message: { key, headers, value } }) => {
      found.push({
        key: String(key),
        type: String(headers?.['ce_type']),
        value: value ?? Buffer.alloc(0),
      });
      return Promise.resolve();
    },
  });
  await eventually(() => expect(found.length).toBeGreaterThanOrEqual(2), 60_000);
  await consumer.disconnect();
  expect(found.map(({ key, type }) => [key, type])).toEqual([
    [accountId, AccountCreatedSchema.typeName],
    [accountId, SessionCreatedSchema.typeName],
  ]);
  const [created, signedIn] = found.map(({ value }) => value);
  expect(fromBinary(AccountCreatedSchema, present(created))).toMatchObject({ accountId });
  expect(fromBinary(SessionCreatedSchema, present(signedIn))).toMatchObject({ sessionId });
}, 120_000);
