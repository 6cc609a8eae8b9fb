import { describe, expect, test } from '@jest/globals';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import type { Series } from '../engines/promtool.ts';
import { answers, during, rulesOf } from './promtool-chosen.ts';
import { foundPromtool as found, LIFETIME_SECONDS } from './promtool-platform.ts';
import { firing, graph } from './promtool-values.ts';

const HOURS = 3;

const all = platformRules(graph, {
  certificateLifetimeSeconds: LIFETIME_SECONDS,
  instances: { standbys: 2 },
});
const rules = rulesOf(all, ['PostgresStandbyAway']);

const UP = 'engine_up{engine="postgres",node="postgres"}';
const REPLICAS = 'postgres_replicas{job="engine-metrics"}';
const HEALTHY: Series = {
  ...Object.fromEntries(
    graph.services.map(({ name }) => [`up{job="${name}"}`, during(['1', HOURS])]),
  ),
  [UP]: during(['1', HOURS]),
  [REPLICAS]: during(['2', HOURS]),
};
const asked = (series: Series, ...questions: readonly ReturnType<typeof firing>[]): string =>
  answers(rules, { ...HEALTHY, ...series }, ...questions);

const AWAY = 'PostgresStandbyAway postgres warning';

(found === undefined ? describe.skip : describe)(
  found === undefined
    ? 'alerts on instances of PostgreSQL (promtool is not built here)'
    : 'alerts on instances of PostgreSQL',
  () => {
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

    test('say nothing of standbys while the server is away', () => {
      const away = {
        [UP]: during(['1', 1], ['0', 1], ['1', HOURS - 2]),
        [REPLICAS]: during(['2', 1], ['0', 1], ['2', HOURS - 2]),
      };
      expect(asked(away, firing('80m'), firing('110m'))).toBe('');
    });
  },
);
