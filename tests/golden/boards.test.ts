import { describe, expect, test } from '@jest/globals';
import { CLOUD_METRICS } from '@meridian/language/cloud-metrics.ts';
import { linesOf, platformBoards } from '@meridian/components/observability/boards/boards.ts';
import { RATE_INTERVAL } from '@meridian/components/observability/boards/board-queries.ts';
import { grafanaBoard } from '@meridian/components/observability/boards/grafana-board.ts';
import { textOf } from '@meridian/components/observability/rules/promql.ts';
import { metricsOf } from '@meridian/components/observability/rules/reads.ts';
import { ruleFile } from '@meridian/components/observability/rules/rule-file.ts';
import { platformRules } from '@meridian/components/observability/rules/rules.ts';
import { checkRules, findPromtool } from '../engines/promtool.ts';
import { graph } from '../charts/lowered-staging.ts';
import { CLOUD } from './cloud-settings.ts';
import { goldenFile } from './golden-file.ts';

const rules = platformRules(graph, { certificateLifetimeSeconds: 3_600, cloud: CLOUD });
const boards = platformBoards(graph, rules, CLOUD);

/** A line for what the board is, and one for each panel. */
function compact(board: (typeof boards)[number]): string {
  const { panels, ...head } = grafanaBoard(board);
  return [head, ...(panels ?? [])].map((part) => `${JSON.stringify(part)}\n`).join('');
}

describe('the boards of the platform', () => {
  test.each(boards.map((board) => [board.uid, board] as const))(
    '%s is the one that was reviewed',
    (uid, board) => {
      const { given, golden } = goldenFile(`boards/${uid}.golden.jsonl`, compact(board));
      expect(given).toBe(golden);
    },
  );
});

const promtool = findPromtool();

(promtool === undefined ? test.skip : test)(
  `queries of boards pass promtool's own check${promtool === undefined ? ' (it is not built here)' : ''}`,
  () => {
    const rules = boards.flatMap((board) =>
      linesOf(board).map(({ query }, position) => ({
        record: `board:${board.uid.replaceAll('-', '_')}:query_${position}`,
        expr: textOf(query, 1).replaceAll(RATE_INTERVAL, '1m'),
      })),
    );
    expect(checkRules(promtool ?? '', ruleFile([{ name: 'boards', interval: '15s', rules }]))).toBe(
      '',
    );
  },
);

test('everything that AWS is asked for is read by an alert, or shown', () => {
  const shown = boards.flatMap((board) => linesOf(board).flatMap(({ query }) => query.metrics));
  const read = rules.alerts.flatMap((alert) => metricsOf(rules, alert));
  const all = Object.values(CLOUD_METRICS).map(({ name }) => name);
  expect(all.filter((name) => !shown.includes(name) && !read.includes(name))).toEqual([]);
});
