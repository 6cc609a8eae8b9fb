import { describe, expect, test } from '@jest/globals';
import { operators } from '@meridian/components/cluster/operators.ts';
import { KUBERNETES_ENGINES } from '@meridian/components/kubernetes/kubernetes-nouns.ts';
import { lowerKubernetes } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import { clusterRules } from '@meridian/components/observability/kubernetes/prometheus-chart.ts';
import { zoneScrapes } from '@meridian/components/observability/kubernetes/scrapes.ts';
import { metricsOf } from '@meridian/components/observability/rules/reads.ts';
import { stagingSettings } from '../../stacks/staging.ts';
import { graph } from './lowered-staging.ts';

const settings = stagingSettings({
  postgresBackup: JSON.stringify({
    ...{ uri: 'https://s3.example', region: 'eu-1', bucket: 'copies', networks: ['192.0.2.0/24'] },
  }),
});
const context = {
  ...{ graph, settings, version: '0.0.0', migrations: {} },
  engines: KUBERNETES_ENGINES,
};
const objects = Object.values(partsOf(lowerKubernetes(context))).flatMap(({ steps }) =>
  steps.flatMap(({ manifests = [], charts = [] }) => [
    ...manifests,
    ...charts.map(({ name, values }) => ({ kind: 'chart', metadata: { name }, values })),
  ]),
);
const rules = clusterRules(context);

/** Those of whom an alert is, that a certificate ends. */
const watched = (name: string): readonly string[] =>
  rules.alerts
    .filter((alert) => alert.name === name)
    .flatMap(({ of }) => of.map(({ service }) => service));

/** What makes certificates that nobody asked cert-manager for: by which alerts know them, or why there are none. */
const MAKERS: Readonly<Record<string, readonly string[] | string>> = {
  'cert-manager': ['cert-manager-webhook'],
  'trust-manager':
    'its chart has a Certificate (deploy/charts/trust-manager/templates/certificate.yaml)',
  'csi-driver-spiffe':
    'it hands on those of cert-manager, which services tell the end of themselves',
  'cloudnative-pg': ['cloudnative-pg-webhook'],
  'plugin-barman-cloud': 'its chart has Certificates (templates/certificate-{client,server}.yaml)',
  strimzi: ['kafka-cluster-ca', 'kafka-client-ca'],
  'eck-operator': ['eck-webhook', 'elasticsearch-transport'],
  keda: ['keda'],
  'argo-rollouts': 'it has no webhook, and shows its metrics in the clear',
  'envoy-gateway': ['envoy-gateway'],
};

/** Kinds of objects of operators, and whether an operator may make certificates for one; what keeps it from it is tested below. */
const KINDS: Readonly<Record<string, boolean>> = {
  ...{ Cluster: true, Elasticsearch: true, Kafka: true, KafkaUser: true },
  ...{ BackendTLSPolicy: false, BackendTrafficPolicy: false, Bundle: false, Certificate: false },
  ...{ ClientTrafficPolicy: false, ClusterIssuer: false, Database: false, EnvoyProxy: false },
  ...{ Gateway: false, GatewayClass: false, HTTPRoute: false, KafkaNodePool: false },
  ...{ KafkaTopic: false, ObjectStore: false, Rollout: false, AnalysisTemplate: false },
  ...{ ScaledObject: false, ScheduledBackup: false, TriggerAuthentication: false },
};

/** Secrets that something of the stack reads, and that have a certificate by their name. */
function certificatesRead(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') {
    const isSecret = /secret(?:name)?$/i.test(key);
    return isSecret && /tls$|cert|-identity$|authority/.test(value) ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => certificatesRead(each, name));
}

describe('every certificate of staging has an alert', () => {
  const issued = objects
    .filter(({ kind }) => kind === 'Certificate')
    .map((object) => (object as unknown as { spec: { secretName: string } }).spec.secretName);

  test('those that cert-manager issues, whose ends are asked for in each zone', () => {
    expect(issued.length).toBeGreaterThan(40);
    for (const name of ['CertificateLate', 'CertificateEnds']) {
      expect(watched(name)).toContain('certificates');
      const read = metricsOf(rules, { name });
      for (const zone of settings.zones) {
        const kept = zoneScrapes(context, zone).flatMap((job) =>
          (/"regex":"([^"]+_timestamp_[^"]+)"/.exec(JSON.stringify(job))?.[1] ?? '').split('|'),
        );
        const scraped = read.filter((metric) => /^(certmanager|strimzi)_/.test(metric));
        expect(scraped).toHaveLength(3);
        expect(kept).toEqual(expect.arrayContaining([...scraped]));
      }
    }
  });

  test('and there is no other whose Secret anything reads', () => {
    const read = new Set(objects.flatMap((object) => certificatesRead(object)));
    expect(read.size).toBeGreaterThan(30);
    expect([...read].filter((secret) => !issued.includes(secret))).toEqual([]);
  });

  test('those that operators make for themselves: a new operator says which, or why it has none', () => {
    const names = operators(context).map(({ chart }) => chart.name);
    expect(names.toSorted()).toEqual(Object.keys(MAKERS).toSorted());
    const own = Object.values(MAKERS).flatMap((each) => (typeof each === 'string' ? [] : each));
    for (const alert of ['CertificateLate', 'CertificateEnds']) {
      expect(watched(alert).toSorted()).toEqual(['certificates', ...own].toSorted());
    }
  });

  test('those that operators make for objects of ours: a new kind says whether there are any', () => {
    const kinds = operators(context).flatMap(({ kinds: groups = [] }) =>
      groups.flatMap(({ kinds: of }) => of),
    );
    expect(kinds.filter((kind) => KINDS[kind] === undefined && kind !== 'Issuer')).toEqual([]);
    const specs = (kind: string) =>
      objects
        .filter((object) => object.kind === kind)
        .map((object) => (object as { spec?: unknown }).spec);
    // CloudNativePG makes none where it is given all four.
    const given = ['clientCASecret', 'replicationTLSSecret', 'serverCASecret', 'serverTLSSecret'];
    for (const spec of specs('Cluster')) {
      const { certificates } = spec as { readonly certificates: object };
      expect(Object.keys(certificates).toSorted()).toEqual(given);
    }
    // ECK one for its HTTP server, unless it is given that; Strimzi one for each user, unless it comes from elsewhere.
    for (const spec of specs('Elasticsearch')) {
      expect(spec).toMatchObject({
        http: { tls: { certificate: { secretName: expect.any(String) as unknown } } },
      });
    }
    for (const spec of specs('KafkaUser')) {
      expect(spec).toMatchObject({ authentication: { type: 'tls-external' } });
    }
  });
});
