import { appautoscaling, cloudwatch, msk } from '@pulumi/aws';
import type { Input } from '@pulumi/pulumi';
import { KAFKA_BINDING } from '@meridian/language/bindings.ts';
import type { AwsSettings } from '../aws/aws-settings.ts';
import { cloudRightsOf } from '../aws/cloud-rights.ts';
import { dataSubnets, toDataTier } from '../aws/data-tier.ts';
import { declaredBinding, declareSecret, OF_CLOUD } from '../aws/declared-secret.ts';
import type { DeclaredSecret } from '../aws/declared-secret.ts';
import { declareEngineAccess } from '../aws/engine-access.ts';
import { declareKey, keyOf, usedByLogs } from '../aws/key.ts';
import type { AwsKey } from '../aws/key.ts';
import { admittedWithRole } from '../aws/admitted-with-role.ts';
import { declarePodRole, podRole } from '../aws/pod-role.ts';
import type { PodRole } from '../aws/pod-role.ts';
import { policyOf } from '../aws/policy-document.ts';
import type { PolicyDocument } from '../aws/policy-document.ts';
import { bindingSecretName } from '../kubernetes/binding-secret.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext, KubernetesLowering } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import { podIdentityRule } from '../kubernetes/pod-identity-rule.ts';
import { monitorBinding, monitorBindings } from '../observability/engines/cluster-monitor.ts';
import { ENGINE_METRICS_PROCESS, MONITOR } from '../observability/engines/monitor.ts';
import { brokerAcls, principalsOf } from './acls.ts';
import { serverProperties } from './aws/configuration.ts';
import { BROKERS, CLIENTS_PORT } from './aws/names.ts';
import { kafkaPolicy, kafkaStatements } from './aws/policies.ts';
import type { KafkaStatement } from './aws/policies.ts';
import { kafkaBinding } from './kafka-binding.ts';
import { kafkaBindingOf } from './kubernetes.ts';
import type { KafkaLanding } from './kafka.ts';
import { topicsOf } from './topics.ts';
import type { ManagedTopic } from './topics.ts';

/**
 * Standard brokers: Express ones let nobody say how many copies there are, keep no topic's `min.insync.replicas`, and cost more
 * than a platform of this size would save by them. With KRaft, and the last Kafka that clients of any age are understood by.
 * Sources: Amazon MSK Developer Guide, "MSK Express brokers" and "Supported Apache Kafka versions"; KIP-896
 */
const KAFKA_VERSION = '3.9.x.kraft';

const DAY_MS = 86_400_000;

/** A volume grows when so much of it is taken, and never by itself beyond so many times what it began with. */
const STORAGE_TARGET_PERCENT = 70;
const STORAGE_GROWTH = 4;

/** A service, or whoever asks how Kafka is, with what it may do. */
export interface KafkaPrincipal {
  readonly name: string;
  readonly role: PodRole;
  readonly statements: readonly KafkaStatement[];
  /** What other engines let it do by the same role. */
  readonly besides: PolicyDocument;
}

/** MSK over three zones, with the topics of the graph; who may do what is a policy of each principal's role. */
export interface AwsKafka extends KubernetesPart {
  readonly name: string;
  readonly kafkaVersion: string;
  readonly instanceType: string;
  /** In all zones together. */
  readonly brokers: number;
  readonly storageGib: number;
  readonly mostStorageGib: number;
  readonly serverProperties: string;
  readonly logDays: number;
  readonly key: AwsKey;
  readonly topics: readonly ManagedTopic[];
  readonly principals: readonly KafkaPrincipal[];
  readonly bindings: readonly DeclaredSecret[];
}

function lowerKafka(context: KubernetesLowering, settings: AwsSettings): AwsKafka {
  const { graph } = context;
  const { aws, environment, kafka } = settings;
  const { instanceType, storageGib } = aws.sizes.kafka;
  const ofGraph = principals(context, settings);
  return {
    name: `${graph.name}-${environment}`,
    kafkaVersion: KAFKA_VERSION,
    instanceType,
    brokers: kafka.brokers,
    storageGib,
    mostStorageGib: storageGib * STORAGE_GROWTH,
    serverProperties: serverProperties(kafka.brokers),
    logDays: aws.logDays,
    key: keyOf(
      aws.account,
      'Events that Kafka keeps, and its logs',
      usedByLogs(aws.region, aws.account),
    ),
    topics: topicsOf(graph),
    principals: ofGraph,
    bindings: bindings(context, settings),
    steps: [
      {
        manifests: admittedWithRole(
          `${graph.name}-kafka`,
          ofGraph.map(({ role }) => role),
        ),
      },
    ],
  };
}

function principals(context: KubernetesLowering, settings: AwsSettings): readonly KafkaPrincipal[] {
  const { graph } = context;
  if (graph.topics.length === 0) return [];
  const acls = brokerAcls(graph);
  const workloads = [
    ...principalsOf(graph).map((name) => ({ name, account: name })),
    { name: MONITOR, account: ENGINE_METRICS_PROCESS },
  ];
  return workloads.map(({ name, account }) => ({
    name,
    role: podRole(settings, graph.namespace, account),
    statements: kafkaStatements(name, acls),
    besides: cloudRightsOf(context, account),
  }));
}

function bindings(context: KubernetesContext, { aws }: AwsSettings): readonly DeclaredSecret[] {
  const { graph } = context;
  if (graph.topics.length === 0) return [];
  const properties = kafkaBinding([OF_CLOUD], { iamRegion: aws.region });
  const names = [...principalsOf(graph).map(kafkaBindingOf), monitorBinding(KAFKA_BINDING)];
  return names.map((name) =>
    declaredBinding(context, 'kafka', name, properties, { 'bootstrap-servers': BROKERS }),
  );
}

function landKafka(lowered: AwsKafka): KafkaLanding {
  return (parent, name, { network, cluster: ofCluster, zones }) => {
    // Nobody publishes.
    if (lowered.topics.length === 0) return { bootstrapServers: [], isAwaited: false };
    const options = { parent };
    const access = declareEngineAccess(
      name,
      [CLIENTS_PORT],
      { network, cluster: ofCluster },
      options,
    );
    const cluster = declareCluster(name, lowered, {
      keyArn: declareKey(name, lowered.key, options).arn,
      subnetIds: dataSubnets(network.ofCloud),
      securityGroupId: access.id,
      parent,
    });
    declareStorageGrowth(name, lowered, cluster, parent);
    const brokers = cluster.bootstrapBrokersSaslIam;
    for (const topic of lowered.topics) declareTopic(name, topic, cluster, parent);
    const associations = lowered.principals.map((principal) =>
      declarePodRole(
        `${name}-${principal.name}`,
        principal.role,
        ofCluster.ofCloud,
        options,
        cluster.arn.apply((arn) => {
          const { Statement } = kafkaPolicy(principal.statements, arn);
          return JSON.stringify(policyOf(...Statement, ...principal.besides.Statement));
        }),
      ),
    );
    declarePart(lowered, { parent, dependsOn: [...zones.foundation, ...associations] });
    for (const binding of lowered.bindings) {
      declareSecret(binding, { [BROKERS]: brokers }, { parent, dependsOn: [...zones.foundation] });
    }
    // Pods mount where the brokers are, which nobody knows before there are any.
    return { bootstrapServers: brokers.apply((list) => list.split(',')), isAwaited: true };
  };
}

/** What the cluster is given of other resources. */
interface ClusterPlace {
  readonly keyArn: Input<string>;
  readonly subnetIds: Input<string>[];
  readonly securityGroupId: Input<string>;
  readonly parent: Parameters<KafkaLanding>[0];
}

function declareCluster(
  name: string,
  lowered: AwsKafka,
  { keyArn, subnetIds, securityGroupId, parent }: ClusterPlace,
): msk.Cluster {
  const configuration = new msk.Configuration(
    name,
    { kafkaVersions: [lowered.kafkaVersion], serverProperties: lowered.serverProperties },
    { parent },
  );
  const logs = new cloudwatch.LogGroup(
    name,
    { retentionInDays: lowered.logDays, kmsKeyId: keyArn },
    { parent },
  );
  return new msk.Cluster(
    name,
    {
      clusterName: lowered.name,
      kafkaVersion: lowered.kafkaVersion,
      numberOfBrokerNodes: lowered.brokers,
      brokerNodeGroupInfo: {
        instanceType: lowered.instanceType,
        clientSubnets: subnetIds,
        securityGroups: [securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: lowered.storageGib } },
      },
      clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: keyArn,
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      },
      configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      // What is watched is free at this level (components/observability/aws/watched-metrics.ts); what others add is paid for by the metric.
      enhancedMonitoring: 'DEFAULT',
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: logs.name } } },
    },
    {
      parent,
      protect: true,
      // Volumes grow by themselves, and never shrink.
      ignoreChanges: ['brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize'],
      // Half an hour is usual, and another for a new configuration broker by broker.
      customTimeouts: { create: '120m', update: '240m', delete: '60m' },
    },
  );
}

/** Source: Amazon MSK Developer Guide, "Automatic scaling for Amazon MSK clusters" */
function declareStorageGrowth(
  name: string,
  { mostStorageGib }: AwsKafka,
  cluster: msk.Cluster,
  parent: Parameters<KafkaLanding>[0],
): void {
  const target = new appautoscaling.Target(
    name,
    {
      serviceNamespace: 'kafka',
      scalableDimension: 'kafka:broker-storage:VolumeSize',
      resourceId: cluster.arn,
      minCapacity: 1,
      maxCapacity: mostStorageGib,
    },
    { parent },
  );
  new appautoscaling.Policy(
    name,
    {
      policyType: 'TargetTrackingScaling',
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        predefinedMetricSpecification: {
          predefinedMetricType: 'KafkaBrokerStorageUtilization',
        },
        targetValue: STORAGE_TARGET_PERCENT,
        disableScaleIn: true,
      },
    },
    { parent },
  );
}

function declareTopic(
  name: string,
  { name: topic, partitions, replication, minInSyncReplicas, retentionDays }: ManagedTopic,
  cluster: msk.Cluster,
  parent: Parameters<KafkaLanding>[0],
): void {
  new msk.Topic(
    `${name}-${topic.replaceAll('.', '-')}`,
    {
      clusterArn: cluster.arn,
      name: topic,
      partitionCount: partitions,
      replicationFactor: replication,
      configs: JSON.stringify({
        'cleanup.policy': 'delete',
        'min.insync.replicas': String(minInSyncReplicas),
        'retention.ms': String(retentionDays * DAY_MS),
      }),
    },
    { parent, protect: true },
  );
}

/** Bindings and brokers, and where a pod gets the credentials of its role. */
function useKafka(
  { graph }: KubernetesContext,
  workload: string,
  { aws }: AwsSettings,
): readonly EngineUse[] | undefined {
  const isMonitor = workload === ENGINE_METRICS_PROCESS && graph.topics.length > 0;
  if (!isMonitor && !principalsOf(graph).includes(workload)) return undefined;
  return [
    {
      engine: 'kafka',
      bindings: isMonitor
        ? monitorBindings(KAFKA_BINDING)
        : { [KAFKA_BINDING]: bindingSecretName(kafkaBindingOf(workload)) },
      egress: toDataTier(aws, [CLIENTS_PORT]),
    },
    { engine: 'pod-identity', bindings: {}, egress: podIdentityRule() },
  ];
}

/** Kafka of AWS. */
export function awsKafka(settings: AwsSettings): KubernetesEngine<AwsKafka, KafkaLanding> {
  return {
    lower: (context) => lowerKafka(context, settings),
    land: landKafka,
    images: [],
    use: (context, workload) => useKafka(context, workload, settings),
  };
}
