import { describe, expect, test } from '@jest/globals';
import { parser as logqlParser } from '@grafana/lezer-logql';
import { parser as traceqlParser } from '@grafana/lezer-traceql';
import { CodedError } from '@meridian/language/coded-error.ts';
import { METRIC_REGISTRY } from '@meridian/language/metrics.ts';
import { buildGraph } from '../../model/build-graph.ts';
import { samplePlatform } from '../../model/testing/sample-platform.ts';
import { promql, recorded, sumBy } from '../rules/promql.ts';
import { metricsReadBy } from '../rules/reads.ts';
import { platformRules } from '../rules/rules.ts';
import type { Board } from './board.ts';
import { linesOf, platformBoards, refuseUnrecorded } from './boards.ts';
import { LOG_LEVELS } from '@meridian/language/log-fields.ts';
import { DATA_SOURCE, dataSources } from './data-sources.ts';
import { grafanaBoard } from './grafana-board.ts';
import { logql } from './log-query.ts';
import { traceql } from './trace-query.ts';

const graph = buildGraph(samplePlatform);
const rules = platformRules(graph, { certificateLifetimeSeconds: 3_600 });
const boards = platformBoards(graph, rules);

/** What a grammar does not understand of a text. */
function misread(parser: typeof logqlParser, text: string): readonly string[] {
  const wrong: string[] = [];
  parser.parse(text).iterate({
    enter: ({ type, from, to }) => {
      if (type.isError) wrong.push(`${from}: ${text.slice(from, to)}`);
    },
  });
  return wrong;
}

describe('boards from a graph', () => {
  test('have a uid of their own each, that Grafana takes', () => {
    const uids = boards.map(({ uid }) => uid);
    expect(new Set(uids).size).toBe(uids.length);
    for (const uid of uids) expect(uid).toMatch(/^[a-z0-9-]{8,40}$/);
    expect(uids).toEqual(
      expect.arrayContaining(graph.services.map(({ name }) => `meridian-service-${name}`)),
    );
  });

  test('read metrics that something emits, and at least one in each panel', () => {
    const emitted = ['up', ...Object.values(METRIC_REGISTRY).map(({ name }) => name)];
    for (const board of boards) {
      for (const { panel, query } of linesOf(board)) {
        const reads = metricsReadBy(rules, query);
        expect([board.title, panel, reads]).not.toEqual([board.title, panel, []]);
        expect(reads.filter((metric) => !emitted.includes(metric))).toEqual([]);
      }
    }
  });

  test('ask for lines and traces in words that the grammars know', () => {
    const least = LOG_LEVELS.flatMap((level) => [
      logql({ services: ['shelf'], least: level }),
      logql({ services: ['shelf', 'door'], least: level }),
    ]);
    expect(least.flatMap((text) => misread(logqlParser, text))).toEqual([]);
    expect(misread(logqlParser, '{service_name="shelf"')).not.toEqual([]);
    const traces = [
      traceql({ service: 'shelf', failed: true }),
      traceql({ service: 'shelf', longerThanMs: 200 }),
    ];
    expect(traces.flatMap((text) => misread(traceqlParser, text))).toEqual([]);
    expect(misread(traceqlParser, '{ duration > }')).not.toEqual([]);
  });

  test('are refused with a record that no rule makes, or makes for something else', () => {
    const board = (query: ReturnType<typeof recorded>): Board => ({
      ...{ uid: 'a-board-of-mine', title: 'Mine', description: '' },
      rows: [
        {
          title: 'Row',
          panels: [
            {
              ...{ kind: 'lines', title: 'Panel', description: '', unit: 'count' },
              lines: [{ query, legend: '' }],
            },
          ],
        },
      ],
    });
    const refused = { code: 'RULES_INVALID' };
    expect(() => refuseUnrecorded(rules, board(recorded('service:nothing:is_1')))).toThrow(
      expect.objectContaining({
        ...refused,
        message: expect.stringMatching(/^Board 'Mine', panel 'Panel': must read/) as unknown,
      }),
    );
    const elsewhere = recorded('service:away:is_1', { service: 'nobody' });
    expect(() => refuseUnrecorded(rules, board(elsewhere))).toThrow(CodedError);
    expect(() => sumBy(['nobody_has_it'], promql`vector(1)`)).toThrow(
      expect.objectContaining(refused),
    );
  });
});

describe('boards as Grafana has them', () => {
  test.each(boards.map((board) => [board.uid, board] as const))(
    '%s has panels with numbers of their own, side by side without overlap, and each with a data source',
    (_uid, board) => {
      const { panels = [], schemaVersion } = grafanaBoard(board);
      expect(schemaVersion).toBeGreaterThanOrEqual(36);
      expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
      const cells = panels.flatMap(({ gridPos }) => {
        const { x, y, w, h } = gridPos ?? { x: 0, y: 0, w: 0, h: 0 };
        expect(x + w).toBeLessThanOrEqual(24);
        return Array.from(
          { length: w * h },
          (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`,
        );
      });
      expect(new Set(cells).size).toBe(cells.length);
      for (const panel of panels) {
        if (panel.type === 'row') continue;
        expect(Object.values(DATA_SOURCE)).toContain(panel.datasource?.uid);
        const targets = 'targets' in panel ? (panel.targets ?? []) : [];
        expect(targets).not.toEqual([]);
        const references = targets.map((target) => ('refId' in target ? target.refId : undefined));
        expect(new Set(references).size).toBe(targets.length);
      }
    },
  );

  test('are answered by data sources that lead to each other and to nothing else', () => {
    const places = {
      metrics: 'https://m',
      logs: 'https://l',
      traces: 'https://t',
      tlsFolder: '/tls',
      scrapeSeconds: 15,
    };
    const text = JSON.stringify(dataSources(places));
    const named = [...text.matchAll(/"(?:uid|datasourceUid)":"([^"]+)"/g)].map(([, uid]) => uid);
    expect([...new Set(named)].toSorted()).toEqual(Object.values(DATA_SOURCE).toSorted());
    expect(text).not.toContain('SkipVerify');
  });
});
