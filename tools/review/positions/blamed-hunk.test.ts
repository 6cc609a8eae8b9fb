import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../finding.ts';
import { blamedHunk } from './blamed-hunk.ts';
import { changedFile } from './changed-lines.ts';
import type { ChangedLines } from './changed-lines.ts';
import { objectMakers } from './object-makers.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const makers = objectMakers(root);

/** One edit of the program each, as somebody makes them, with what is there and what takes its place. */
const EDITS = {
  'components/certificates/authorities.ts': ["duration: '87600h0m0s'", "duration: '876h0m0s'"],
  'components/kafka/kubernetes/strimzi-cluster.ts': [
    "'allow.everyone.if.no.acl.found': 'false'",
    "'allow.everyone.if.no.acl.found': 'true'",
  ],
  'components/kafka/topics.ts': [
    'DEAD_LETTER_RETENTION_DAYS = 30',
    'DEAD_LETTER_RETENTION_DAYS = 8',
  ],
  'components/kafka/kubernetes/network-policies.ts': [
    '{ peers: [operator], ports: [AGENT_PORT] }',
    '{ peers: [operator, ...clients], ports: [AGENT_PORT] }',
  ],
  'components/postgres/kubernetes/cluster.ts': [
    "dataDurability: 'required'",
    "dataDurability: 'preferred'",
  ],
  'components/postgres/kubernetes/access.ts': [
    '`hostssl ${database} ${serviceRole} all cert`',
    '`hostssl ${database} ${serviceRole} all trust`',
  ],
  'components/cluster/default-deny.ts': [
    'ingress: [],',
    'ingress: [{ peers: [{ namespace, pods: {} }], ports: [9_091] }],',
  ],
  'components/postgres/kubernetes.ts': ['        protect: true,\n', ''],
  'components/cluster/namespaces.ts': [
    "[settings.namespaces.data, 'restricted']",
    "[settings.namespaces.data, 'privileged']",
  ],
  'components/observability/paging/alertmanager-configuration.ts': [
    "page: { group_wait: '5s'",
    "page: { group_wait: '3h'",
  ],
  'components/observability/kubernetes/scrapes.ts': [
    "keep('pod_phase', 'Running')",
    "keep('pod_phase', 'Failed')",
  ],
} as const;

/** What else was edited, of which nothing that is asked about follows. */
const BESIDES = {
  'services/audit/service.ts': ["summary: '", "summary: 'Also "],
  'components/service/chart/service-objects.ts': ['\n', '\n// Another line.\n'],
  'components/edge/kubernetes.ts': ['\n', '\n// Another line.\n'],
} as const;

type Edits = Readonly<Record<string, readonly [string, string]>>;

function changedBy(edits: Edits): ChangedLines {
  return new Map(
    Object.entries(edits).map(([file, [find, replace]]) => {
      const base = readFileSync(path.join(root, file), 'utf8');
      expect([file, base.includes(find)]).toEqual([file, true]);
      return [file, changedFile(file, base, base.replace(find, replace))];
    }),
  );
}

/** What stands on the line that is blamed, with its file. */
function blamed(finding: Partial<Finding>, edits: Edits): string {
  const changed = changedBy(edits);
  const whole = { kind: 'object-changed', subject: '', among: '', consequence: '' } as const;
  const place = blamedHunk({ ...whole, ...finding }, { changed, makers });
  if (place === undefined) return 'nothing';
  const touched = changed.get(place.file);
  // What only went is of the base.
  const lines = touched?.added.length === 0 ? touched.base : touched?.head;
  return `${place.file}: ${lines?.[place.line - 1]?.trim() ?? ''}`;
}

const ALL: Edits = { ...EDITS, ...BESIDES };

describe('of many edits at once', () => {
  test.each<[keyof typeof EDITS, Partial<Finding>]>([
    [
      'components/certificates/authorities.ts',
      {
        subject: 'Certificate cert-manager/meridian-root',
        property: 'spec.duration',
        before: '3650 days',
        after: '36.5 days',
      },
    ],
    [
      'components/kafka/kubernetes/strimzi-cluster.ts',
      { subject: 'Kafka meridian-data/meridian', property: 'authorization' },
    ],
    [
      'components/kafka/topics.ts',
      {
        subject: 'KafkaTopic meridian-data/orders.events.v1.dlq',
        property: 'spec.config["retention.ms"]',
        before: '30 days',
        after: '8 days',
      },
    ],
    [
      'components/kafka/kubernetes/network-policies.ts',
      {
        subject: 'NetworkPolicy meridian-data/meridian-kafka',
        property: 'audit in meridian → pods with strimzi.io/name=meridian-kafka :8443',
      },
    ],
    [
      'components/postgres/kubernetes/cluster.ts',
      {
        kind: 'policy-broken',
        subject: 'Cluster meridian-data/meridian',
        among: 'objects',
        property: 'commits-are-on-two-instances',
        after: 'postgresql.synchronous.dataDurability must be required',
      },
    ],
    [
      'components/postgres/kubernetes/access.ts',
      { subject: 'Cluster meridian-data/meridian', property: 'hostssl orders orders all trust' },
    ],
    [
      'components/cluster/default-deny.ts',
      { subject: 'every pod in meridian → every pod in meridian :9091', among: 'connections' },
    ],
    [
      'components/cluster/default-deny.ts',
      {
        kind: 'policy-broken',
        subject: 'CronJob meridian/account-setup',
        among: 'objects',
        property: 'every-pod-has-a-network-policy',
        after: "namespace 'meridian' denies nothing by default",
      },
    ],
    [
      'components/postgres/kubernetes.ts',
      {
        subject: 'Cluster meridian-data/meridian',
        property: 'protect',
        before: 'on',
        after: 'off',
      },
    ],
    [
      'components/postgres/kubernetes.ts',
      {
        kind: 'policy-broken',
        subject: 'Cluster meridian-data/meridian',
        among: 'objects',
        property: 'data-are-protected',
        after: 'holds data and is not protected',
      },
    ],
    [
      'components/cluster/namespaces.ts',
      {
        kind: 'policy-broken',
        subject: 'Namespace meridian-data',
        among: 'objects',
        property: 'namespaces-enforce-pod-security',
        after: 'enforces "privileged"',
      },
    ],
    [
      'components/observability/paging/alertmanager-configuration.ts',
      {
        subject: 'pages of platform-team',
        among: 'routes',
        property: 'group_wait',
        before: '5s',
        after: '3h',
      },
    ],
    [
      'components/observability/kubernetes/scrapes.ts',
      {
        subject: 'ConfigMap observability/collector-a',
        property: '….config.scrape_configs[0].relabel_configs[2].regex',
        before: 'Running',
        after: 'Failed',
      },
    ],
  ])('a line of %s is blamed for what follows from it', (file, finding) => {
    const [found, replaced] = EDITS[file];
    const text = (replaced === '' ? found : replaced).trim().replaceAll(/\$\{.*/g, '');
    expect(blamed(finding, ALL)).toContain(`${file}: `);
    expect(blamed(finding, ALL)).toContain(text);
  });

  test('none is blamed where as much speaks for another', () => {
    const finding = { subject: 'ConfigMap observability/collector-a', property: 'data.relay' };
    expect(blamed(finding, ALL)).toBe('nothing');
  });

  test('none is blamed for an object that nothing of them leads to', () => {
    const finding = { subject: 'Elasticsearch meridian-data/meridian', property: 'spec.version' };
    expect(blamed(finding, ALL)).toBe('nothing');
  });
});

/** Edits of production, all at once. */
const OF_CLOUDS = {
  'components/aws/key.ts': ['enableKeyRotation: true', 'enableKeyRotation: false'],
  'components/aws/bucket.ts': [
    "versioningConfiguration: { status: 'Enabled' }",
    "versioningConfiguration: { status: 'Suspended' }",
  ],
  'components/kafka/aws.ts': ["clientBroker: 'TLS'", "clientBroker: 'TLS_PLAINTEXT'"],
  'components/postgres/aws.ts': ['deletionProtection: true', 'deletionProtection: false'],
  'components/edge/aws/cloudflare-addresses.ts': ["'173.245.48.0/20'", "'0.0.0.0/0'"],
  'stacks/prod-sizes.ts': ['backupDays: 14', 'backupDays: 1'],
} as const;

describe('of many edits of production at once', () => {
  test.each<[keyof typeof OF_CLOUDS, Partial<Finding>]>([
    [
      'components/aws/key.ts',
      { subject: 'Key kafka', property: 'enableKeyRotation', before: 'true', after: 'false' },
    ],
    [
      'components/aws/key.ts',
      {
        kind: 'policy-broken',
        subject: 'aws.kms.Key kafka',
        among: 'objects',
        property: 'cloud-keys-rotate',
        after: 'enableKeyRotation must be true, got false',
      },
    ],
    [
      'components/aws/bucket.ts',
      {
        subject: 'BucketVersioning telemetry',
        property: 'versioningConfiguration.status',
        before: 'Enabled',
        after: 'Suspended',
      },
    ],
    [
      'components/kafka/aws.ts',
      {
        subject: 'Cluster kafka',
        property: 'encryptionInfo.encryptionInTransit.clientBroker',
        before: 'TLS',
        after: 'TLS_PLAINTEXT',
      },
    ],
    [
      'components/postgres/aws.ts',
      {
        subject: 'Cluster postgres',
        property: 'deletionProtection',
        before: 'true',
        after: 'false',
      },
    ],
    [
      'components/edge/aws/cloudflare-addresses.ts',
      { subject: 'SecurityGroupIngressRule edge-443-0', property: 'cidrIpv4', after: '0.0.0.0/0' },
    ],
    [
      'stacks/prod-sizes.ts',
      {
        subject: 'Cluster postgres',
        property: 'backupRetentionPeriod',
        before: '14 days',
        after: '1 day',
      },
    ],
  ])('a line of %s is blamed for what follows from it', (file, finding) => {
    expect(blamed(finding, OF_CLOUDS)).toContain(`${file}: `);
    expect(blamed(finding, OF_CLOUDS)).toContain(OF_CLOUDS[file][1]);
  });
});

test('the only file that changed is to blame, whatever is said of the object', () => {
  const file = 'components/kafka/topics.ts';
  expect(blamed({ subject: 'something' }, { [file]: EDITS[file] })).toMatch(
    /^components\/kafka\/topics\.ts: const DEAD_LETTER_RETENTION_DAYS = 8/,
  );
});

describe('what a finding does not say by itself', () => {
  const NETWORK: Edits = {
    'stacks/prod-network.ts': ["DEFAULT_CIDR = '10.64.0.0/16'", "DEFAULT_CIDR = '10.80.0.0/16'"],
    ...BESIDES,
  };
  const replaced: Partial<Finding> = {
    kind: 'data-replaced',
    ...{ subject: 'Vpc network', among: 'Vpcs' },
    ...{ before: 'the network, and all that has an address in it', after: 'empty' },
  };

  test('is found by what makes another one of it', () => {
    const clue = { property: 'cidrBlock', before: '10.64.0.0/16', after: '10.80.0.0/16' };
    expect(blamed({ ...replaced, clue }, NETWORK)).toBe(
      "stacks/prod-network.ts: const DEFAULT_CIDR = '10.80.0.0/16';",
    );
    expect(blamed(replaced, NETWORK)).toBe('nothing');
  });

  test('is found by how a span of time is written, and by the field that it is given for', () => {
    const rules = 'components/observability/rules/prometheus-rules.ts';
    const line = '    labels: { severity: PAGER_SEVERITY[severity] },\n';
    const loosened: Partial<Finding> = {
      kind: 'alert-loosened',
      ...{ subject: 'HttpErrorsFast', among: 'alerts', property: 'for', before: '0 s' },
    };
    for (const [added, after] of [
      ["    for: '10m',\n", '600 s'],
      ['    for: durationText(WAITS),\n', '90 s'],
    ] as const) {
      const edits: Edits = { ...BESIDES, [rules]: [line, `${added}${line}`] };
      expect(blamed({ ...loosened, after }, edits)).toBe(`${rules}: ${added.trim()}`);
    }
  });
});
