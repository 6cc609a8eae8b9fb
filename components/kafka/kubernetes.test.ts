import { describe, expect, test } from '@jest/globals';
import type * as k8s from '../kubernetes/k8s.ts';
import type { ClusterObject, Manifest } from '../kubernetes/manifest.ts';
import { withService } from '../model/testing/sample-platform.ts';
import { sampleCluster } from '../testing/sample-cluster.ts';
import { sampleStack } from '../testing/sample-stack.ts';
import { MONITOR } from '../observability/engines/monitor.ts';

/** The sample with somebody who consumes. */
const platform = withService('archive', { implemented: true });

const { steps, bootstrapServers } = sampleCluster({}, platform).kafka;

const manifests: readonly Manifest[] = steps.flatMap((step) => step.manifests ?? []);

const ofKind = <T extends Manifest>(kind: T['kind']): readonly T[] =>
  manifests.filter((manifest): manifest is T => manifest.kind === kind);

const named = (kind: string, name: string): ClusterObject | undefined =>
  manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);

const [cluster] = ofKind<k8s.Kafka>('Kafka');

describe('Kafka in a cluster', () => {
  test('comes in steps: what pods mount and policies, brokers, topics, then who may use them', () => {
    expect(steps.map((step) => [...new Set(step.manifests?.map(({ kind }) => kind))])).toEqual([
      ['Certificate', 'NetworkPolicy', 'Secret'],
      ['KafkaNodePool', 'Kafka'],
      ['KafkaTopic'],
      ['KafkaUser'],
    ]);
  });

  test('protects what holds data', () => {
    expect(steps.map(({ protect }) => protect)).toEqual([undefined, true, true, undefined]);
  });

  test('waits until Strimzi is done, wherever Strimzi says so', () => {
    for (const { kind, metadata } of manifests) {
      const waits = ['Kafka', 'KafkaTopic', 'KafkaUser', 'Certificate'].includes(kind);
      expect([kind, metadata.annotations?.['pulumi.com/waitFor']]).toEqual([
        kind,
        waits ? 'condition=Ready' : undefined,
      ]);
    }
  });

  test('is nothing at all for a platform that publishes nothing', () => {
    const silent = withService('shelf', { publishes: [] });
    const services = silent.services.map((service) => ({ ...service, consumes: [] }));
    expect(sampleCluster({}, { ...silent, services }).kafka.steps).toEqual([]);
  });

  test('lets in clients with a certificate of the authority of engines, and knows no plaintext', () => {
    expect(cluster?.spec.kafka.listeners).toEqual([
      {
        name: 'tls',
        port: 9093,
        type: 'internal',
        tls: true,
        authentication: {
          type: 'custom',
          sasl: false,
          listenerConfig: {
            'ssl.client.auth': 'required',
            'ssl.truststore.type': 'PEM',
            'ssl.truststore.location': '/mnt/engines-authority/ca.crt',
            'ssl.principal.mapping.rules': 'RULE:^(CN=[^,]+)$/$1/,RULE:^.*$/nobody/',
          },
        },
        configuration: {
          brokerCertChainAndKey: {
            secretName: 'sample-kafka-server',
            certificate: 'tls.crt',
            key: 'tls.key',
          },
        },
      },
    ]);
    const { template, config, authorization } = cluster?.spec.kafka ?? {};
    expect(template?.pod?.volumes).toEqual([
      {
        name: 'engines-authority',
        secret: {
          secretName: 'sample-kafka-server',
          items: [{ key: 'ca.crt', path: 'ca.crt' }],
        },
      },
    ]);
    expect(template?.kafkaContainer?.volumeMounts).toEqual([
      { name: 'engines-authority', mountPath: '/mnt/engines-authority' },
    ]);
    expect(config).toMatchObject({
      'ssl.enabled.protocols': 'TLSv1.3',
      'allow.everyone.if.no.acl.found': 'false',
    });
    expect(authorization).toEqual({ type: 'simple' });
  });

  test('loses nothing that was acknowledged when one zone goes', () => {
    expect(cluster?.spec.kafka).toMatchObject({
      rack: { topologyKey: 'topology.kubernetes.io/zone' },
      template: { podDisruptionBudget: { maxUnavailable: 1 } },
      config: {
        'default.replication.factor': 3,
        'min.insync.replicas': 2,
        'unclean.leader.election.enable': 'false',
        'auto.create.topics.enable': 'false',
      },
    });
  });

  test('proves every name under which it is reached', () => {
    expect(named('Certificate', 'sample-kafka-server')).toMatchObject({
      metadata: { namespace: 'data' },
      spec: {
        dnsNames: [
          'sample-kafka-bootstrap.data.svc',
          'sample-kafka-bootstrap.data.svc.cluster.local',
          '*.sample-kafka-brokers.data.svc',
          '*.sample-kafka-brokers.data.svc.cluster.local',
        ],
      },
    });
    expect(bootstrapServers).toEqual(['sample-kafka-bootstrap.data.svc.cluster.local:9093']);
  });
});

describe('topics and rights in a cluster', () => {
  const local = sampleStack({}, platform).kafka;

  test('are the topics that this machine has', () => {
    const topics = ofKind<k8s.KafkaTopic>('KafkaTopic').map(({ metadata, spec }) => ({
      name: metadata.name,
      partitions: spec.partitions,
      replication: spec.replicas,
      minInSyncReplicas: Number(spec.config?.['min.insync.replicas']),
      retentionDays: Number(spec.config?.['retention.ms']) / 86_400_000,
    }));
    expect(topics).toHaveLength(2);
    expect(topics).toEqual(local.topics);
  });

  test('are the rights that this machine gives, to the same principals', () => {
    const users = ofKind<k8s.KafkaUser>('KafkaUser');
    const acls = users.flatMap(({ metadata, spec }) =>
      (spec.authorization?.acls ?? []).map(({ resource, operations }) => ({
        principal: metadata.name,
        resource: resource.patternType === 'literal' ? 'topic' : 'group-prefix',
        name: resource.name,
        operations,
      })),
    );
    expect(acls).toHaveLength(7);
    expect(new Set(acls)).toEqual(new Set(local.acls));
    const rights = acls.filter(({ principal }) => principal === MONITOR);
    expect(rights.map(({ operations }) => operations)).toEqual(rights.map(() => ['Describe']));
    expect(users.map(({ spec }) => spec.authentication?.type)).toEqual(
      users.map(() => 'tls-external'),
    );
  });

  test('name groups by a prefix and topics in full', () => {
    expect(named('KafkaUser', 'archive')).toMatchObject({
      metadata: { labels: { 'strimzi.io/cluster': 'sample' } },
      spec: {
        authorization: {
          acls: [
            { resource: { type: 'topic', name: 'shelf.events.v1', patternType: 'literal' } },
            { resource: { type: 'topic', name: 'shelf.events.v1.dlq', patternType: 'literal' } },
            { resource: { type: 'group', name: 'archive.', patternType: 'prefix' } },
          ],
        },
      },
    });
  });
});

describe('the binding of a service that uses topics', () => {
  test('is a Secret without a secret, and a certificate in its name', () => {
    expect(named('Secret', 'shelf-kafka-binding')).toMatchObject({
      metadata: { namespace: 'sample' },
      stringData: {
        type: 'kafka',
        provider: 'meridian',
        'bootstrap-servers': 'sample-kafka-bootstrap.data.svc.cluster.local:9093',
        'tls-folder': 'kafka-tls',
      },
    });
    expect(named('Certificate', 'shelf-kafka-tls')).toMatchObject({
      metadata: { namespace: 'sample' },
      spec: { commonName: 'shelf' },
    });
  });

  test('has exactly the Secrets that its pods mount', () => {
    const ofServices = sampleCluster({}, platform).services.flatMap(({ secrets }) =>
      secrets.map(({ secret }) => secret).filter((secret) => secret.includes('kafka')),
    );
    const mounted = [
      ...ofServices,
      ...['engine-metrics-kafka-binding', 'engine-metrics-kafka-tls'],
    ];
    const made = manifests
      .filter(({ metadata }) => metadata.namespace === 'sample')
      .map(({ metadata }) => metadata.name);
    expect(made.toSorted()).toEqual(mounted.toSorted());
  });
});

describe('who may reach the brokers', () => {
  test('are the services that use topics, who asks how they are, Strimzi, the brokers and Prometheus', () => {
    const policy = named('NetworkPolicy', 'sample-kafka');
    const service = (name: string) => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'sample' } },
      podSelector: {
        matchLabels: {
          'app.kubernetes.io/name': name,
          'app.kubernetes.io/instance': name,
          'app.kubernetes.io/part-of': 'sample',
        },
      },
    });
    expect(policy?.['spec']).toMatchObject({
      podSelector: { matchLabels: { 'strimzi.io/name': 'sample-kafka' } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        {
          from: [service('archive'), service('shelf'), service('engine-metrics')],
          ports: [{ protocol: 'TCP', port: 9093 }],
        },
        { ports: [{ port: 9090 }] },
        { ports: [{ port: 9091 }] },
        { ports: [{ port: 8443 }] },
        {
          from: [
            { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'watch' } } },
          ],
          ports: [{ port: 9404 }],
        },
      ],
    });
  });
});
