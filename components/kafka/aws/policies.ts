import { policyOf } from '../../aws/policy-document.ts';
import type { PolicyDocument, PolicyStatement } from '../../aws/policy-document.ts';
import type { BrokerGrant } from '../acls.ts';

/** What a principal asks of MSK for each operation. Source: Amazon MSK Developer Guide, "Semantics of IAM authorization policy actions and resources" */
const ACTIONS = {
  topic: {
    Read: ['kafka-cluster:DescribeTopic', 'kafka-cluster:ReadData'],
    Write: ['kafka-cluster:DescribeTopic', 'kafka-cluster:WriteData'],
    Describe: ['kafka-cluster:DescribeTopic'],
  },
  'group-prefix': {
    Read: ['kafka-cluster:DescribeGroup', 'kafka-cluster:AlterGroup'],
    Write: [],
    Describe: ['kafka-cluster:DescribeGroup'],
  },
} as const satisfies Record<BrokerGrant['resource'], Record<string, readonly string[]>>;

/** A statement of a principal's policy, before the cluster has an ARN. */
export interface KafkaStatement {
  readonly actions: readonly string[];
  /** The cluster itself, a topic by its name, or a group by how its id begins. */
  readonly on: 'cluster' | `topic/${string}` | `group/${string}*`;
}

/** What a principal may do, as ACLs have it on every landing: it may connect, and do what the graph grants, and nothing else. */
export function kafkaStatements(
  principal: string,
  grants: readonly BrokerGrant[],
): readonly KafkaStatement[] {
  return [
    { actions: ['kafka-cluster:Connect'], on: 'cluster' },
    ...grants
      .filter((grant) => grant.principal === principal)
      .map(({ resource, name, operations }): KafkaStatement => {
        const byOperation = ACTIONS[resource];
        const actions = operations.flatMap((operation) => byOperation[operation]);
        return {
          actions: [...new Set(actions)],
          on: resource === 'topic' ? `topic/${name}` : `group/${name}*`,
        };
      }),
  ];
}

/**
 * The policy of a principal at a cluster. Topics and groups have the ARN of their cluster, with another word in it.
 *
 * @param clusterArn such as 'arn:aws:kafka:us-east-1:111122223333:cluster/name/uuid'
 */
export function kafkaPolicy(
  statements: readonly KafkaStatement[],
  clusterArn: string,
): PolicyDocument {
  return policyOf(
    ...statements.map(({ actions, on }): PolicyStatement => ({
      Effect: 'Allow',
      Action: actions,
      Resource: resourceArn(on, clusterArn),
    })),
  );
}

function resourceArn(on: KafkaStatement['on'], clusterArn: string): string {
  if (on === 'cluster') return clusterArn;
  const [kind = '', ...name] = on.split('/');
  return `${clusterArn.replace(':cluster/', `:${kind}/`)}/${name.join('/')}`;
}
