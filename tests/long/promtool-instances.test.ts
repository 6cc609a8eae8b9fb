import { expect, test } from '@jest/globals';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { describeByPromtool } from '../engines/promtool.ts';
import type { Series } from '../engines/promtool.ts';
import { answers, during, rulesOf, servicesUp } from './promtool-chosen.ts';
import { LIFETIME_SECONDS } from './promtool-platform.ts';
import { firing, graph } from './promtool-values.ts';

const HOURS = 3;

const all = platformRules(graph, {
  certificateLifetimeSeconds: LIFETIME_SECONDS,
  instances: { standbys: 2, dataBytes: 1_000 },
});
const rules = rulesOf(all, ['PostgresStandbyAway', 'PostgresLogVolume', 'PostgresDataVolume']);

const UP = 'engine_up{engine="postgres",node="postgres"}';
const REPLICAS = 'postgres_replicas{job="engine-metrics"}';
const log = (value: string, instance: string) =>
  `cnpg_collector_pg_wal{job="postgres",instance="${instance}",value="${value}"}`;
const database = (name: string) =>
  `cnpg_pg_database_size_bytes{job="postgres",instance="a",datname="${name}"}`;
const HEALTHY: Series = {
  ...servicesUp(HOURS),
  [UP]: during(['1', HOURS]),
  [REPLICAS]: during(['2', HOURS]),
  ...Object.fromEntries(
    ['a', 'b'].flatMap((instance) => [
      [log('size', instance), during(['300', HOURS])],
      [log('volume_size', instance), during(['1000', HOURS])],
    ]),
  ),
  [database('shelf')]: during(['300', HOURS]),
  [database('print_queue')]: during(['300', HOURS]),
};
const asked = (series: Series, ...questions: readonly ReturnType<typeof firing>[]): string =>
  answers(rules, { ...HEALTHY, ...series }, ...questions);

const AWAY = 'PostgresStandbyAway postgres warning';

describeByPromtool('alerts on instances of PostgreSQL', () => {
  test('are silent where all standbys follow, and while one is restarted', () => {
    const restarted = { [REPLICAS]: during(['2', 1], ['1', 0.1], ['2', HOURS - 1.1]) };
    expect(asked({}, firing('30m'), firing('2h'))).toBe('');
    expect(asked(restarted, firing('64m'), firing('67m'), firing('75m'))).toBe('');
  });

  test('write a ticket where one is away, or both are', () => {
    for (const left of ['1', '0']) {
      const missing = { [REPLICAS]: during(['2', 1], [left, 1], ['2', HOURS - 2]) };
      expect(
        asked(missing, firing('65m'), firing('72m', AWAY), firing('119m', AWAY), firing('130m')),
      ).toBe('');
    }
  });

  test('page where the log of any instance fills its volume, and write a ticket where databases do', () => {
    const filling = { [log('size', 'b')]: during(['300', 1], ['901', 1], ['300', HOURS - 2]) };
    const page = 'PostgresLogVolume postgres critical';
    expect(asked(filling, firing('60m'), firing('67m', page), firing('130m'))).toBe('');
    const growing = { [database('shelf')]: during(['300', 1], ['501', HOURS - 1]) };
    const ticket = 'PostgresDataVolume postgres warning';
    expect(asked(growing, firing('60m'), firing('67m', ticket))).toBe('');
  });

  test('say nothing of standbys while the server is away', () => {
    const away = {
      [UP]: during(['1', 1], ['0', 1], ['1', HOURS - 2]),
      [REPLICAS]: during(['2', 1], ['0', 1], ['2', HOURS - 2]),
    };
    expect(asked(away, firing('80m'), firing('110m'))).toBe('');
  });
});
