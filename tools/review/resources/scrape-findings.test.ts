import { describe, expect, test } from '@jest/globals';
import type { Finding } from '../finding.ts';
import type { StepMetadata } from '../../meridian/rehearsal/engine-events.ts';
import { resourceFindings } from './resource-findings.ts';

const keep = (label: string, regex: string) => ({
  ...{ action: 'keep', regex, source_labels: [`__meta_kubernetes_${label}`] },
});

/** A job as a collector asks it. */
const job = (more: object = {}) => ({
  job_name: 'orders',
  scrape_interval: '15s',
  kubernetes_sd_configs: [
    {
      role: 'pod',
      namespaces: { names: ['meridian'] },
      selectors: [{ role: 'pod', label: 'app=orders' }],
    },
  ],
  relabel_configs: [
    keep('node_label_zone', 'eu[.]a'),
    keep('pod_phase', 'Running'),
    { source_labels: ['__meta_kubernetes_pod_name'], target_label: 'instance' },
    { target_label: 'zone', replacement: 'a' },
  ],
  ...more,
});

const RULES = JSON.stringify([
  {
    record: 'service:alert:is_1',
    expr: 'max(rate(errors_total{job="orders"}[5m])) > bool 1',
    labels: { alert: 'Errors', service: 'orders', severity: 'page' },
  },
  {
    record: 'service:alert:is_1',
    expr: 'max(kafka_offline_partitions) > bool 0',
    labels: { alert: 'Offline', service: 'kafka', severity: 'page' },
  },
]);

const configMap = (name: string, file: string, text: string) => ({
  inputs: {
    ...{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'observability' } },
    data: { [file]: text },
  },
});

function told(
  before: readonly object[],
  after: readonly (readonly object[])[],
): readonly Partial<Finding>[] {
  const step = (name: string, old: object, now: object): StepMetadata => ({
    ...{ op: 'update', type: 'kubernetes:core/v1:ConfigMap', old, new: now },
    urn: `urn:pulumi:staging::meridian::kubernetes:core/v1:ConfigMap::${name}`,
  });
  const rules = configMap('prometheus', 'rules.yml', `groups:\n- {"name": "a", "rules": ${RULES}}`);
  const collector = (name: string, jobs: readonly object[]) =>
    configMap(
      name,
      'relay',
      JSON.stringify({ receivers: { prometheus: { config: { scrape_configs: jobs } } } }),
    );
  return resourceFindings([
    { ...step('prometheus', rules, rules), op: 'same' },
    ...after.map((jobs, index) =>
      step(`c-${index}`, collector(`c-${index}`, before), collector(`c-${index}`, jobs)),
    ),
  ])
    .filter(({ kind }) => kind !== 'object-changed')
    .map(({ kind, subject, property, before: was, after: is }) => ({
      ...{ kind, subject, ...(property === undefined ? {} : { property }) },
      ...{ before: was ?? '', after: is ?? '' },
    }));
}

const BASE = job().relabel_configs;
const SUBJECT = 'job orders';

describe('a job that alerts read', () => {
  test.each([
    [
      'keeps pods that do not run',
      { relabel_configs: [BASE[0], keep('pod_phase', 'Failed'), ...BASE.slice(2)] },
      ['page-blind', 'pod_phase', 'Running', 'Failed'],
    ],
    [
      'drops those that it kept',
      { relabel_configs: [...BASE, { ...keep('pod_phase', 'Run.+'), action: 'drop' }] },
      ['page-blind', 'pod_phase', 'Running', 'not Run.+'],
    ],
    [
      'looks in another namespace',
      { kubernetes_sd_configs: [{ role: 'pod', namespaces: { names: ['other'] } }] },
      ['page-blind', 'namespaces', 'meridian', 'other'],
    ],
    [
      'looks for other pods',
      {
        kubernetes_sd_configs: [
          { role: 'pod', selectors: [{ role: 'pod', label: 'app=payments' }] },
        ],
      },
      ['page-blind', 'pods with app', 'orders', 'payments'],
    ],
    [
      'has another name in what is seen',
      { relabel_configs: [...BASE, { target_label: 'job', replacement: 'shop' }] },
      ['page-blind', 'label job', 'orders', 'shop'],
    ],
    [
      'keeps none of the metrics that are read',
      {
        metric_relabel_configs: [{ action: 'keep', source_labels: ['__name__'], regex: 'other.*' }],
      },
      ['page-blind', 'metrics', 'errors_total', 'dropped'],
    ],
    [
      'keeps pods of which nobody knows',
      { relabel_configs: [...BASE, keep('pod_label_seen', 'yes')] },
      ['sight-lost', 'pod_label_seen', 'any', 'yes'],
    ],
    [
      'has no zone',
      { relabel_configs: BASE.slice(0, 3) },
      ['sight-lost', 'label zone', 'a', 'none'],
    ],
    [
      'is asked less often',
      { scrape_interval: '5m' },
      ['sight-lost', 'scrape_interval', '15s', '5m'],
    ],
  ] as const)('and %s', (_what, more, [kind, property, before, after]) => {
    expect(told([job()], [[job(more)]])).toEqual([
      { kind, subject: SUBJECT, property, before, after },
    ]);
  });

  test('and is asked no more, or not in one zone', () => {
    expect(told([job()], [[], []])).toMatchObject([{ kind: 'page-blind', subject: SUBJECT }]);
    expect(told([job()], [[], [job()]])).toMatchObject([
      { kind: 'sight-lost', subject: 'job orders in c-0' },
    ]);
  });

  test('by metrics that are named after it', () => {
    const kafka = { ...job(), job_name: 'kafka' };
    expect(told([kafka], [[]])).toMatchObject([{ kind: 'page-blind', subject: 'job kafka' }]);
  });

  test('and shows itself otherwise', () => {
    expect(told([job()], [[job({ scheme: 'http' })]]).map(({ kind }) => kind)).toEqual([
      'sight-lost',
      'trust-changed',
    ]);
  });
});

test('a job that nobody reads is one of which less is seen, and one more is nothing', () => {
  const grafana = { ...job(), job_name: 'grafana' };
  expect(told([grafana], [[]])).toMatchObject([{ kind: 'sight-lost' }]);
  expect(told([job()], [[job(), grafana]])).toEqual([]);
  expect(told([job(), grafana], [[grafana, job()]])).toEqual([]);
});
