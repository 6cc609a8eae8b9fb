import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../../kubernetes/manifest.ts';
import { sampleCluster, sampleClusterSettings } from '../../testing/sample-cluster.ts';
import { partNamespace, partPods, PART_PORTS } from './parts.ts';

const { steps } = sampleCluster().observability;
const manifests: readonly ClusterObject[] = steps.flatMap((step) => step.manifests ?? []);
const charts = steps.flatMap((step) => step.charts ?? []);

interface Scrape {
  readonly job_name: string;
  readonly scheme?: string;
  readonly tls_config?: { readonly server_name: string };
  readonly kubernetes_sd_configs: readonly [{ readonly namespaces: { readonly names: string[] } }];
  readonly metric_relabel_configs?: readonly [{ readonly regex: string }];
}

/** How the collector of a zone asks, by job. */
const scrapes = (zone: string): ReadonlyMap<string, Scrape> => {
  const map = manifests.find(
    ({ kind, metadata }) => kind === 'ConfigMap' && metadata.name.startsWith(`collector-${zone}-`),
  );
  const { relay } = map?.['data'] as { readonly relay: string };
  const { receivers } = JSON.parse(relay) as {
    readonly receivers: { readonly prometheus: { config: { scrape_configs: Scrape[] } } };
  };
  return new Map(receivers.prometheus.config.scrape_configs.map((each) => [each.job_name, each]));
};

const SELF_METRICS = 8_888;
const PORTS = {
  loki: PART_PORTS.loki,
  tempo: PART_PORTS.tempo,
  grafana: PART_PORTS.grafana,
  'node-logs': SELF_METRICS,
} as const;
const PARTS = Object.keys(PORTS) as (keyof typeof PORTS)[];

interface Rule {
  readonly from?: readonly { readonly podSelector: { readonly matchLabels?: object } }[];
  readonly to?: readonly { readonly podSelector: { readonly matchLabels?: object } }[];
  readonly ports: readonly { readonly port: number }[];
}
const rulesOf = (part: string, direction: 'ingress' | 'egress'): readonly Rule[] => {
  const policy = manifests.find(
    ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === part,
  );
  return (policy?.['spec'] as Record<typeof direction, Rule[]>)[direction];
};
const lets = (rules: readonly Rule[], pods: object, port: number) =>
  rules.some(
    ({ from, to, ports }) =>
      (from ?? to ?? []).some(
        ({ podSelector }) => JSON.stringify(podSelector.matchLabels) === JSON.stringify(pods),
      ) && ports.some((each) => each.port === port),
  );

describe.each(PARTS)('what %s says of itself', (part) => {
  const namespace = partNamespace(sampleClusterSettings, part);

  test('is asked for by the collector of each zone, which finds its pods and is let in', () => {
    for (const zone of ['a', 'b', 'c']) {
      const [{ namespaces }] = scrapes(zone).get(part)?.kubernetes_sd_configs ?? [
        { namespaces: { names: [] } },
      ];
      expect(namespaces.names).toEqual([namespace]);
    }
    expect(
      manifests.some(
        ({ kind, metadata }) =>
          kind === 'Role' &&
          metadata.name.endsWith('-collector') &&
          metadata.namespace === namespace,
      ),
    ).toBe(true);
    expect(lets(rulesOf(part, 'ingress'), partPods('collector'), PORTS[part])).toBe(true);
    expect(lets(rulesOf('collector', 'egress'), partPods(part), PORTS[part])).toBe(true);
  });
});

describe.each(['loki', 'tempo', 'grafana'] as const)('%s', (part) => {
  test('shows the collectors a certificate with the name that they expect', () => {
    const { scheme, tls_config: tls } = scrapes('a').get(part) ?? {};
    expect(scheme).toBe('https');
    const certificate = manifests.find(
      ({ kind, metadata }) => kind === 'Certificate' && metadata.name === `${part}-telemetry-tls`,
    );
    expect(certificate?.['spec']).toMatchObject({
      dnsNames: expect.arrayContaining([tls?.server_name]),
    });
  });

  test('has a few of its thousands of series kept, and no part of a histogram', () => {
    const [{ regex }] = scrapes('a').get(part)?.metric_relabel_configs ?? [{ regex: '' }];
    const isKept = (name: string) => new RegExp(`^(?:${regex})$`).test(name);
    expect(isKept('process_resident_memory_bytes')).toBe(true);
    expect(isKept(`${part}_request_duration_seconds_bucket`)).toBe(false);
    expect(isKept(`${part}_request_duration_seconds_count`)).toBe(false);
    expect(isKept('go_goroutines')).toBe(false);
  });
});

/** How Loki 3.7.6, Tempo 2.10.8 and Grafana register what is kept of them. */
const REGISTERED = {
  loki: [
    'loki_discarded_bytes_total',
    'loki_discarded_samples_total',
    'loki_distributor_bytes_received_total',
    'loki_distributor_ingester_append_timeouts_total',
    'loki_distributor_lines_received_total',
    'loki_internal_log_messages_total',
  ],
  tempo: [
    'tempo_discarded_spans_total',
    'tempo_distributor_spans_received_total',
    'tempo_ingester_blocks_flushed_total',
    'tempo_ingester_failed_flushes_total',
  ],
  grafana: [
    'grafana_api_response_status_total',
    'grafana_datasource_request_total',
    'grafana_page_response_status_total',
    'grafana_proxy_response_status_total',
  ],
} as const;
const OF_EVERY_PROCESS = [
  'process_cpu_seconds_total',
  'process_open_fds',
  'process_resident_memory_bytes',
];

test.each(Object.entries(REGISTERED))(
  'each name that is kept of %s is one that it has',
  (part, names) => {
    const [{ regex }] = scrapes('a').get(part)?.metric_relabel_configs ?? [{ regex: '' }];
    expect(regex.split('|').toSorted()).toEqual([...names, ...OF_EVERY_PROCESS].toSorted());
  },
);

test('Grafana serves a certificate that was renewed without a start', () => {
  const { server } = charts.find(({ name }) => name === 'grafana')?.values['grafana.ini'] as {
    readonly server: object;
  };
  expect(server).toMatchObject({ protocol: 'https', certs_watch_interval: '5m' });
});

test('what reads the lines of nodes opens the port at which it is asked', () => {
  const nodeLogs = charts.find(({ name }) => name === 'node-logs');
  expect(nodeLogs?.values['ports']).toMatchObject({
    metrics: { enabled: true, containerPort: SELF_METRICS },
    otlp: { enabled: false },
  });
});
