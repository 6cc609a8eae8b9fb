import { ADMIN_NAME, BROKER_NAME } from '@meridian/components/kafka/broker-configuration.ts';
import { groupPrefix } from '@meridian/components/model/grants.ts';
import type { TopicGrant } from '@meridian/components/model/grants.ts';
import type { Attempt, Outcome, Principal, Server, TlsMaterial } from './attempt.ts';
import { exchange } from './exchange.ts';
import { createTopic, describeAcls, fetchNothing, heartbeat, produce } from './kafka-requests.ts';
import type { KafkaRequest } from './kafka-requests.ts';
import { outcomeOfTlsError } from './tls-refusal.ts';

/** How Kafka says no. Source: https://kafka.apache.org/protocol, "Error Codes". */
const REFUSALS: ReadonlyMap<number, string> = new Map([
  [29, 'TOPIC_AUTHORIZATION_FAILED'],
  [30, 'GROUP_AUTHORIZATION_FAILED'],
  [31, 'CLUSTER_AUTHORIZATION_FAILED'],
]);

/** What brokers let do everything: each other, and their administrator. */
const SUPER_USERS: readonly string[] = [BROKER_NAME, ADMIN_NAME];

const PROBE = 'denial-probe';

/**
 * Every principal at every topic, at the consumer groups of every service, and at the cluster. Nothing
 * is written, read or made: each request is one that a broker judges by its right first and then finds
 * empty, so what it finds tells that it was let in.
 */
export function kafkaAttempts(
  grants: readonly TopicGrant[],
  principals: readonly Principal[],
  broker: Server,
): readonly Attempt[] {
  const topics = [...new Set(grants.map(({ topic }) => topic))];
  const services = [...new Set(grants.map(({ principal }) => principal))];
  return principals.flatMap(({ name: caller, commonName, tls }) => {
    const isSuper = SUPER_USERS.includes(commonName ?? '');
    const attemptOf = (
      object: string,
      action: string,
      request: KafkaRequest,
      isGranted: (grant: TopicGrant) => boolean,
    ): Attempt => ({
      engine: 'kafka',
      caller,
      object,
      action,
      declared:
        isSuper || grants.some((grant) => grant.principal === commonName && isGranted(grant)),
      carryOut: () => attempt(broker, tls, request),
    });
    const none = () => false;
    return [
      ...topics.flatMap((topic) => [
        attemptOf(
          `topic ${topic}`,
          'write',
          produce(topic),
          (grant) => grant.topic === topic && grant.operation === 'Write',
        ),
        attemptOf(
          `topic ${topic}`,
          'read',
          fetchNothing(topic),
          (grant) => grant.topic === topic && grant.operation === 'Read',
        ),
      ]),
      ...services.map((service) =>
        attemptOf(
          `groups ${groupPrefix(service)}*`,
          'be a member',
          heartbeat(`${groupPrefix(service)}${PROBE}`),
          (grant) => grant.principal === service && grant.operation === 'Read',
        ),
      ),
      attemptOf('cluster', 'be a member of any group', heartbeat(PROBE), none),
      attemptOf('cluster', 'make a topic', createTopic(PROBE), none),
      attemptOf('cluster', 'list rights', describeAcls(), none),
    ];
  });
}

async function attempt(server: Server, tls: TlsMaterial, request: KafkaRequest): Promise<Outcome> {
  try {
    const { bytes, errorAt } = request;
    const answer = await exchange(
      server,
      tls,
      bytes,
      (received) => received.length >= 4 && received.length >= 4 + received.readInt32BE(),
    );
    return outcomeOfCode(answer.readInt16BE(errorAt), request);
  } catch (error) {
    return outcomeOfTlsError(error);
  }
}

function outcomeOfCode(code: number, { admits }: KafkaRequest): Outcome {
  const refusal = REFUSALS.get(code);
  if (refusal !== undefined) return { verdict: 'refused', detail: refusal };
  const admitted = admits.get(code);
  if (admitted !== undefined) return { verdict: 'admitted', detail: `let in, then ${admitted}` };
  return { verdict: 'unclear', detail: `Kafka's error code ${code}` };
}
