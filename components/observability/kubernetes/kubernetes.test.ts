import { describe, expect, test } from '@jest/globals';
import type { ClusterObject } from '../../kubernetes/manifest.ts';
import { sampleCluster, sampleClusterContext } from '../../testing/sample-cluster.ts';
import { TELEMETRY_IMAGES } from './charts.ts';
import { provisioningFiles } from './grafana-chart.ts';
import { lokiConfiguration } from './loki-chart.ts';
import { tempoConfiguration } from './tempo-chart.ts';

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;
const pins = Object.fromEntries(
  Object.values(TELEMETRY_IMAGES).map(({ reference }) => [reference, digest]),
);
const context = sampleClusterContext({ pins });
const { steps } = sampleCluster({ pins }).observability;
const charts = steps.flatMap((step) => step.charts ?? []);
const manifests: readonly ClusterObject[] = steps.flatMap((step) => step.manifests ?? []);
const text = JSON.stringify(steps);

/** The values of a chart, by its release. */
const valuesOf = (name: string): Readonly<Record<string, unknown>> =>
  charts.find((chart) => chart.name === name)?.values ?? {};

/** All objects at any depth of a value, itself too. */
function objectsIn(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.values(value).flatMap(objectsIn);
  return Array.isArray(value) ? inner : [value as Readonly<Record<string, unknown>>, ...inner];
}

/** Configurations of collectors as their pods mount them. */
const collectorConfigurations = manifests
  .filter(({ kind }) => kind === 'ConfigMap')
  .flatMap(({ data }) => Object.entries(data as Readonly<Record<string, string>>))
  .filter(([file]) => file === 'relay')
  .map(([, relay]) => JSON.parse(relay) as unknown);

/** Bytes of memory as Kubernetes and Loki write them. */
function bytesOf(quantity: unknown): number {
  const [, number = '', unit = ''] = /^(\d+)(Mi|Gi|MB|KB|GB)$/.exec(String(quantity)) ?? [];
  return (
    Number(number) *
    ({ Mi: 2 ** 20, Gi: 2 ** 30, MB: 1_000_000, KB: 1_000, GB: 1_000_000_000 }[unit] ?? NaN)
  );
}

describe('telemetry in a cluster', () => {
  test('checks every certificate, wherever it asks', () => {
    expect(text).not.toMatch(/insecure|skip_?verify|"http:\/\//i);
  });

  test('has a heartbeat outside where one is demanded, or is refused', () => {
    const telemetry = { traceSamplePercent: 10, heartbeat: { given: false, needed: true } };
    expect(() => sampleCluster({ telemetry })).toThrow(
      expect.objectContaining({
        code: 'SETTINGS_INVALID',
        message: expect.stringMatching(
          /^Setting 'meridian:heartbeat': must be 'true', with the address/,
        ) as unknown,
      }),
    );
    const given = { ...telemetry, heartbeat: { given: true, needed: true } };
    expect(JSON.stringify(sampleCluster({ telemetry: given }).observability)).toContain(
      '/run/telemetry/pager/heartbeat',
    );
  });

  test('names no digest where the chart makes a label of a tag, and one everywhere else', () => {
    const withoutDigest = charts
      .filter(({ values }) => !JSON.stringify(values).includes(digest.replace('sha256:', '')))
      .map(({ name }) => name);
    expect(withoutDigest).toEqual(['tempo']);
  });

  test('keeps what charts would take for templates out of their values', () => {
    expect(JSON.stringify(charts.map(({ values }) => values))).not.toContain('{{');
  });

  test('doubles each dollar that Grafana would take for a variable of the environment', () => {
    for (const file of Object.values(provisioningFiles(context))) {
      const single = [...file.matchAll(/(?<!\$)\$(?!\$)(?!__file\{)/g)];
      expect(single.map(({ index }) => file.slice(index, index + 20))).toEqual([]);
    }
  });

  test('mounts Secrets in Grafana by the one word of the chart that it does not take for an empty folder', () => {
    const grafana = valuesOf('grafana');
    expect(JSON.stringify(grafana['extraSecretMounts'])).toContain('grafana-telemetry-tls');
    expect(grafana['extraVolumes']).toBeUndefined();
  });

  test('lets replicas that gossip find each other before they are ready, and again', () => {
    const ours = manifests
      .filter(({ kind }) => kind === 'Service')
      .map(({ metadata }) => metadata.name);
    const [joined] = (tempoConfiguration(context) as { memberlist: { join_members: string[] } })
      .memberlist.join_members;
    expect(ours).toContain(joined?.split('.')[0]);
    expect(valuesOf('loki')['memberlist']).toEqual({ service: { publishNotReadyAddresses: true } });
    // Whoever asks is not led to one of them before.
    expect(valuesOf('loki')).toHaveProperty('defaults.service.publishNotReadyAddresses', false);
    for (const configuration of [lokiConfiguration(context), tempoConfiguration(context)]) {
      expect(configuration).toHaveProperty('memberlist.rejoin_interval');
    }
  });

  test('gives collectors time to read what waits on disk before they are taken for stuck', () => {
    const collectors = charts.filter(({ chart }) => chart === 'opentelemetry-collector');
    expect(collectors).toHaveLength(4);
    for (const { values } of collectors) {
      expect(values['startupProbe']).toMatchObject({ failureThreshold: 60 });
    }
  });

  test('starts nothing again that only waits for others', () => {
    for (const { name, values } of charts) {
      const alive = objectsIn(values).flatMap(({ livenessProbe }) => objectsIn(livenessProbe));
      const waiting = alive.filter(({ path }) => String(path).includes('ready'));
      expect([name, waiting]).toEqual([name, []]);
    }
  });

  test('has what is in a ring ready while another is away, under the address of its pod', () => {
    const loki = lokiConfiguration(context);
    expect(loki).toHaveProperty('ingester.lifecycler.readiness_check_ring_health', false);
    expect(loki).toHaveProperty('common.instance_addr', '${POD_IP}');
    const tempo = tempoConfiguration(context);
    expect(tempo).toHaveProperty('ingester.lifecycler.readiness_check_ring_health', false);
    for (const place of [
      'memberlist.advertise_addr',
      'ingester.lifecycler.address',
      'compactor.ring.instance_addr',
    ]) {
      expect(tempo).toHaveProperty(place, '${POD_IP}');
    }
    expect(JSON.stringify(valuesOf('tempo'))).toContain('"fieldPath":"status.podIP"');
  });

  test('lets Loki read again less than its memory holds, and find what is in memory alone', () => {
    const loki = lokiConfiguration(context) as {
      ingester: { wal: { replay_memory_ceiling: string }; max_chunk_age: string };
      querier: { query_ingesters_within: string };
    };
    const [limits] = objectsIn(valuesOf('loki')).filter(({ memory }) => memory !== undefined);
    const ceiling = bytesOf(loki.ingester.wal.replay_memory_ceiling);
    expect(ceiling).toBeLessThan(bytesOf(limits?.['memory']) * 0.75);
    expect(Number.parseInt(loki.querier.query_ingesters_within, 10)).toBeGreaterThan(
      Number.parseInt(loki.ingester.max_chunk_age, 10),
    );
  });

  test('sends no more at once than the least that a store takes, and more than any one line', () => {
    const batches = collectorConfigurations
      .flatMap(objectsIn)
      .flatMap(({ batch }) => (batch === undefined ? [] : [batch]));
    // Of each collector one towards Tempo and two towards Prometheus, and one of the nodes' towards Loki.
    expect(batches).toHaveLength(10);
    for (const batch of batches) {
      expect(batch).toMatchObject({ sizer: 'bytes' });
      const { max_size: most } = batch as { max_size: number };
      expect(most).toBeLessThan(4 * 1_048_576);
      expect(most).toBeGreaterThan(2 * 1_048_576);
    }
  });

  test('begins a file of what waits again where it is torn, and leaves no halves of it', () => {
    const kept = collectorConfigurations
      .flatMap(objectsIn)
      .filter(({ create_directory }) => create_directory !== undefined);
    expect(kept).toHaveLength(collectorConfigurations.length);
    for (const storage of kept) {
      expect(storage).toMatchObject({ recreate: true, compaction: { cleanup_on_start: true } });
    }
  });

  test('reads what a kubelet has put aside until it is packed', () => {
    const [files] = collectorConfigurations.flatMap(objectsIn).filter(({ include }) => include);
    expect(files?.['include']).toContain('/var/log/pods/watch_*/*/*.log.*');
    expect(files?.['exclude']).toEqual(['/var/log/pods/*/*/*.gz', '/var/log/pods/*/*/*.tmp']);
  });

  test('never lets two replicas of a part go at once', () => {
    const replicated = ['prometheus', 'alertmanager', 'loki', 'grafana'];
    for (const name of replicated) {
      expect([name, JSON.stringify(valuesOf(name))]).toEqual([
        name,
        expect.stringMatching(/"podDisruptionBudget":\{[^}]*"maxUnavailable":1\}/),
      ]);
    }
    const budgets = manifests.filter(({ kind }) => kind === 'PodDisruptionBudget');
    expect(budgets.map(({ metadata }) => metadata.name)).toEqual(['tempo']);
  });

  test('makes a second Prometheus again while the zone of the first is away', () => {
    expect(valuesOf('prometheus')).toHaveProperty(
      'server.statefulSet.podManagementPolicy',
      'Parallel',
    );
  });

  test('has Grafana show stores by what is in its image, and replace none of it', () => {
    expect(valuesOf('grafana')).toHaveProperty(['grafana.ini', 'plugins'], {
      preinstall_disabled: true,
    });
  });

  test('renews a certificate before its hour is over where it is read again, and gives the others a year', () => {
    const lifetimes = manifests
      .filter(({ kind }) => kind === 'Certificate')
      .map(({ metadata, spec }) => [metadata.name, (spec as { duration: string }).duration]);
    const long = lifetimes.filter(([, duration]) => duration !== '1h0m0s');
    expect(long).toEqual([['grafana-telemetry-tls', '8760h0m0s']]);
  });

  test('sets the replicas of forms of Loki that are not used to none', () => {
    const loki = valuesOf('loki');
    for (const form of ['read', 'write', 'backend']) expect(loki[form]).toEqual({ replicas: 0 });
  });

  test('has ConfigMaps that the API server takes, each named by its content', () => {
    const maps = manifests.filter(({ kind }) => kind === 'ConfigMap');
    expect(maps).not.toEqual([]);
    for (const map of maps) {
      expect(JSON.stringify(map).length).toBeLessThan(1_000_000);
      expect(map.metadata.name).toMatch(/-[0-9a-f]{12}$/);
      expect(map['immutable']).toBe(true);
    }
  });

  test('has every pod among those that go last but for tasks, and as nobody but what reads nodes', () => {
    for (const { name, values } of charts) {
      const all = JSON.stringify(values);
      expect([name, all.includes('sample-telemetry')]).toEqual([name, true]);
      expect([name, all.includes('"runAsUser":0')]).toEqual([name, name === 'node-logs']);
    }
  });
});
