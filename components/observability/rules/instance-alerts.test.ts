import { describe, expect, test } from '@jest/globals';
import { sampleClusterContext } from '../../testing/sample-cluster.ts';
import { sampleSettings } from '../../testing/sample-stack.ts';
import { clusterRules } from '../kubernetes/prometheus-chart.ts';
import { localRuleSettings } from '../local/rule-settings.ts';
import { platformRules } from './rules.ts';
import type { PlatformRules } from './rules.ts';

const limitsOf = ({ alerts }: PlatformRules, alert: string): readonly number[] =>
  alerts.flatMap(({ name, of }) => (name === alert ? of.map(({ limit }) => limit) : []));

describe('alerts on the instances of PostgreSQL', () => {
  const context = sampleClusterContext();
  const { graph } = context;
  const here = platformRules(graph, localRuleSettings({ graph, settings: sampleSettings }));

  test('count its standbys in a cluster, one in each zone but that of the primary', () => {
    const { zones } = context.settings;
    expect(limitsOf(clusterRules(context), 'PostgresStandbyAway')).toEqual([zones.length - 1]);
  });

  test('are not there on this machine, where it is one server', () => {
    expect(limitsOf(here, 'PostgresStandbyAway')).toEqual([]);
  });
});
