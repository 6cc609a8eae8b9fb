import { describe, expect, test } from '@jest/globals';
import type * as k8s from '../../kubernetes/k8s.ts';
import { kubernetesPostgres, lowerPostgres } from '../../postgres/kubernetes.ts';
import { sampleClusterContext } from '../../testing/sample-cluster.ts';
import { sampleSettings } from '../../testing/sample-stack.ts';
import { clusterRules } from '../kubernetes/prometheus-chart.ts';
import { localRuleSettings } from '../local/rule-settings.ts';
import { metricsOf } from './reads.ts';
import { platformRules } from './rules.ts';
import type { PlatformRules } from './rules.ts';

const limitsOf = ({ alerts }: PlatformRules, alert: string): readonly number[] =>
  alerts.flatMap(({ name, of }) => (name === alert ? of.map(({ limit }) => limit) : []));

describe('alerts on a machine', () => {
  const HOST_METRICS = 'system_';
  const context = sampleClusterContext();
  const { graph } = context;
  const read = (rules: PlatformRules): readonly string[] =>
    rules.alerts.flatMap(({ name }) => metricsOf(rules, { name }));

  test('are there where the collector measures it, and in a cluster nothing reads what nobody sends', () => {
    const here = platformRules(graph, localRuleSettings({ graph, settings: sampleSettings }));
    expect(read(here).filter((name) => name.startsWith(HOST_METRICS))).not.toEqual([]);
    expect(read(clusterRules(context)).filter((name) => name.startsWith(HOST_METRICS))).toEqual([]);
    expect(read(clusterRules(context))).toContain('process_open_fds');
  });
});

describe('alerts on the instances of PostgreSQL', () => {
  const context = sampleClusterContext();
  const { graph } = context;
  const here = platformRules(graph, localRuleSettings({ graph, settings: sampleSettings }));

  test('count its standbys in a cluster, one in each zone but that of the primary', () => {
    const { zones } = context.settings;
    expect(limitsOf(clusterRules(context), 'PostgresStandbyAway')).toEqual([zones.length - 1]);
  });

  test('read what CloudNativePG says of volumes, which have the size that alerts know', () => {
    expect(limitsOf(clusterRules(context), 'PostgresLogVolume')).toEqual([0.9]);
    const cluster = lowerPostgres(context)
      .steps.flatMap(({ manifests = [] }) => manifests)
      .find(({ kind }) => kind === 'Cluster') as unknown as k8s.Cluster;
    const gib = Number(/^(\d+)Gi$/.exec(String(cluster.spec.storage?.size))?.[1]);
    expect(kubernetesPostgres.instances?.(context)?.dataBytes).toBe(gib * 1_024 ** 3);
  });

  test('are not there on this machine, where it is one server', () => {
    for (const name of ['PostgresStandbyAway', 'PostgresLogVolume', 'PostgresDataVolume']) {
      expect(limitsOf(here, name)).toEqual([]);
    }
  });
});
