import { describe, expect, test } from '@jest/globals';
import { sampleClusterContext } from '../../testing/sample-cluster.ts';
import { sampleSettings } from '../../testing/sample-stack.ts';
import { clusterRules } from '../kubernetes/prometheus-chart.ts';
import { localRuleSettings } from '../local/rule-settings.ts';
import { backupAlerts } from './backup-alerts.ts';
import type { PlatformRules } from './rules.ts';

const COPIED = ['NoRestorePoint', 'BackupOld'];
const ALL = ['ArchiveBehind', ...COPIED];

const backupOf = (schedule: string) => ({
  ...{ uri: 'https://s3.example', region: 'eu-1', bucket: 'copies', networks: ['192.0.2.0/24'] },
  ...{ secret: 'keys', retentionDays: 30, schedule },
});
const namesIn = ({ alerts }: Pick<PlatformRules, 'alerts'>): readonly string[] =>
  alerts.map(({ name }) => name).filter((name) => ALL.includes(name));

describe('alerts on backups', () => {
  test('are there in a cluster where it has a bucket for them, and know its schedule', () => {
    expect(namesIn(clusterRules(sampleClusterContext()))).toEqual([]);
    const backup = backupOf('0 0 3 * * mon,thu');
    const rules = clusterRules(sampleClusterContext({ postgres: { backup } }));
    expect(namesIn(rules)).toEqual(ALL);
    const old = rules.alerts.find(({ name }) => name === 'BackupOld');
    expect(old?.of.map(({ limit }) => limit)).toEqual([(4 * 24 + 3) * 3_600]);
  });

  test('are on this machine of its archive alone, whose copies nobody makes by a schedule', () => {
    const { graph } = sampleClusterContext();
    const named = (postgresArchive: boolean) => {
      const settings = { ...sampleSettings, postgresArchive };
      return namesIn({
        alerts: backupAlerts(graph, localRuleSettings({ graph, settings }).archive),
      });
    };
    expect([named(false), named(true)]).toEqual([[], ['ArchiveBehind']]);
  });
});
