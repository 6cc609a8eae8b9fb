import { describe, expect, test } from '@jest/globals';
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
const manifests = steps.flatMap((step) => step.manifests ?? []);
const text = JSON.stringify(steps);

/** The values of a chart, by its release. */
const valuesOf = (name: string): Readonly<Record<string, unknown>> =>
  charts.find((chart) => chart.name === name)?.values ?? {};

describe('telemetry in a cluster', () => {
  test('checks every certificate, wherever it asks', () => {
    expect(text).not.toMatch(/insecure|skip_?verify|"http:\/\//i);
  });

  test('has a heartbeat outside where one is demanded, or is refused', () => {
    const telemetry = { traceSamplePercent: 10, heartbeat: 'required' } as const;
    expect(() => sampleCluster({ telemetry })).toThrow(
      expect.objectContaining({
        code: 'SETTINGS_INVALID',
        message: expect.stringMatching(
          /^Setting 'meridian:heartbeatUrl': must be the address/,
        ) as unknown,
      }),
    );
    const heartbeatUrl = 'https://heartbeat.example/sample';
    expect(
      JSON.stringify(sampleCluster({ telemetry: { ...telemetry, heartbeatUrl } }).observability),
    ).toContain(heartbeatUrl);
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
