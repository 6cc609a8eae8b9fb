import { describe, expect, test } from '@jest/globals';
import { deadLetterTopic, groupPrefix } from '@meridian/language/topic.ts';
import { topicGrants } from '../model/grants.ts';
import { samplePlatform } from '../model/testing/sample-platform.ts';
import { awsGround, sampleAwsContext } from '../testing/aws-ground.ts';
import { isAllowed } from '../testing/evaluate-policy.ts';
import { record } from '../testing/recording-mocks.ts';
import type { Recording } from '../testing/recording-mocks.ts';
import { sampleAwsSettings } from '../testing/sample-aws.ts';
import { awsKafka } from './aws.ts';
import type { AwsKafka } from './aws.ts';
import { kafkaPolicy } from './aws/policies.ts';
import { Kafka } from './kafka.ts';

// The consumer of the sample has no code; here it has.
const context = sampleAwsContext();
const engine = awsKafka(sampleAwsSettings);
const lowered = engine.lower(context);

const CLUSTER = 'arn:aws:kafka:us-east-1:111122223333:cluster/sample-sample/1234';
const of = (kind: string, name: string): string =>
  `${CLUSTER.replace(':cluster/', `:${kind}/`)}/${name}`;

const land = (): Promise<Recording> =>
  record(
    () => {
      const landing = engine.land(lowered, { serviceParts: {}, rollouts: {} });
      new Kafka('kafka', { landing, ...awsGround() });
    },
    {
      'aws:msk/cluster:Cluster': {
        arn: CLUSTER,
        bootstrapBrokersSaslIam: 'b-1.example:9098,b-2.example:9098',
      },
      'aws:msk/configuration:Configuration': { latestRevision: 1 },
    },
  );

const inputsOf = ({ resources }: Recording, type: string) =>
  resources.filter((one) => one.type === type).map(({ inputs }) => inputs);

/** What anybody can do that the graph does not grant, and cannot do that it does. */
function differences({ principals, topics }: Pick<AwsKafka, 'principals' | 'topics'>) {
  const granted = new Set(
    topicGrants(context.graph).map(({ principal, topic, operation }) =>
      [principal, operation, topic].join(' '),
    ),
  );
  return principals.flatMap(({ name, statements }) => {
    const policy = kafkaPolicy(statements, CLUSTER);
    return [...topics.map((topic) => topic.name), 'of-nobody'].flatMap((topic) =>
      (['Read', 'Write'] as const).flatMap((operation) => {
        const resource = of('topic', topic);
        const can = isAllowed(policy, { action: `kafka-cluster:${operation}Data`, resource });
        const told = [name, operation, topic].join(' ');
        return can === granted.has(told) ? [] : [told];
      }),
    );
  });
}

describe('Kafka of AWS', () => {
  test('lets nobody read or write what the graph does not grant, and everybody what it does', () => {
    expect(lowered.principals.map(({ name }) => name)).toEqual(['archive', 'shelf', 'monitor']);
    expect(topicGrants(context.graph)).toHaveLength(3);
    expect(differences(lowered)).toEqual([]);
  });

  test('is seen where a policy lets in more, or less', () => {
    const [first, ...others] = lowered.principals;
    if (first === undefined) throw new Error('Nobody uses Kafka');
    const with_ = (statements: typeof first.statements) =>
      differences({ ...lowered, principals: [{ ...first, statements }, ...others] });
    const wider = { actions: ['kafka-cluster:*Data'], on: 'topic/*' } as const;
    expect(with_([...first.statements, wider])).toContain('archive Write shelf.events.v1');
    expect(with_([])).toContain('archive Read shelf.events.v1');
  });

  test('leaves each consumer its own groups, and the monitor no record', () => {
    const policyOf = (name: string) => {
      const found = lowered.principals.find((principal) => principal.name === name);
      return kafkaPolicy(found?.statements ?? [], CLUSTER);
    };
    const may = (name: string, action: string, resource: string): boolean =>
      isAllowed(policyOf(name), { action: `kafka-cluster:${action}`, resource });
    const own = of('group', `${groupPrefix('archive')}events`);
    expect(may('archive', 'AlterGroup', own)).toBe(true);
    expect(may('archive', 'AlterGroup', of('group', 'other.events'))).toBe(false);
    expect(may('shelf', 'AlterGroup', own)).toBe(false);
    expect(may('monitor', 'DescribeGroup', own)).toBe(true);
    expect(may('monitor', 'AlterGroup', own)).toBe(false);
    for (const { name } of lowered.principals) {
      expect(may(name, 'Connect', CLUSTER)).toBe(true);
      for (const action of ['CreateTopic', 'DeleteTopic', 'AlterTopic', 'AlterCluster']) {
        expect(may(name, action, CLUSTER)).toBe(false);
        expect(may(name, action, of('topic', 'shelf.events.v1'))).toBe(false);
      }
    }
  });

  test('is a cluster over three zones that asks every client for its role, over TLS, and makes no topic by itself', async () => {
    const recording = await land();
    const [cluster] = inputsOf(recording, 'aws:msk/cluster:Cluster');
    expect(cluster).toMatchObject({
      kafkaVersion: '3.9.x.kraft',
      numberOfBrokerNodes: 3,
      brokerNodeGroupInfo: { clientSubnets: ['data-a', 'data-b', 'data-c'] },
      clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
      encryptionInfo: { encryptionInTransit: { clientBroker: 'TLS', inCluster: true } },
      // Others are paid for, and nobody reads them.
      enhancedMonitoring: 'DEFAULT',
    });
    const [configuration] = inputsOf(recording, 'aws:msk/configuration:Configuration');
    expect(String(configuration?.['serverProperties']).split('\n')).toEqual(
      expect.arrayContaining([
        'allow.everyone.if.no.acl.found=false',
        'auto.create.topics.enable=false',
        'default.replication.factor=3',
        'min.insync.replicas=2',
        'unclean.leader.election.enable=false',
      ]),
    );
  });

  test('has every topic of the graph, with its dead letters, as on every landing', async () => {
    const topics = inputsOf(await land(), 'aws:msk/topic:Topic');
    expect(topics.map(({ name }) => name)).toEqual([
      'shelf.events.v1',
      deadLetterTopic('shelf.events.v1'),
    ]);
    for (const { clusterArn, replicationFactor, configs } of topics) {
      expect([clusterArn, replicationFactor]).toEqual([CLUSTER, 3]);
      expect(JSON.parse(String(configs))).toMatchObject({ 'min.insync.replicas': '2' });
    }
  });

  test('gives the role of a service to its own pods, and a binding without a certificate', async () => {
    const recording = await land();
    expect(
      inputsOf(recording, 'aws:eks/podIdentityAssociation:PodIdentityAssociation').map(
        ({ namespace, serviceAccount }) => [namespace, serviceAccount],
      ),
    ).toEqual(['archive', 'shelf', 'engine-metrics'].map((account) => ['sample', account]));
    const { inputs } = recording.resource('secret-sample-shelf-kafka-binding');
    expect((inputs['stringData'] as { readonly value: unknown }).value).toEqual({
      ...{ type: 'kafka', provider: 'meridian', mechanism: 'iam', region: 'us-east-1' },
      'bootstrap-servers': 'b-1.example:9098,b-2.example:9098',
    });
    expect(engine.use(context, 'shelf')).toMatchObject([
      { bindings: { kafka: 'shelf-kafka-binding' }, egress: { ports: [9_098] } },
      { egress: { peers: [{ network: '169.254.170.23/32' }], ports: [80] } },
    ]);
    expect(engine.use(context, 'door')).toBeUndefined();
  });

  test('is not there where nobody publishes', async () => {
    const services = samplePlatform.services.map((service) => ({
      ...service,
      ...{ publishes: [], consumes: [] },
    }));
    const quiet = engine.lower(
      sampleAwsContext(sampleAwsSettings, { ...samplePlatform, services }),
    );
    const { resources } = await record(() => {
      const landing = engine.land(quiet, { serviceParts: {}, rollouts: {} });
      new Kafka('kafka', { landing, ...awsGround() });
    });
    expect(resources.filter(({ type }) => type.startsWith('aws:'))).toEqual([]);
  });
});
