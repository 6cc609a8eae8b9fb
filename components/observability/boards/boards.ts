import { CodedError } from '@meridian/language/coded-error.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import type { CloudWatchSettings } from '../rules/cloud-alerts.ts';
import { unrecorded } from '../rules/reads.ts';
import type { PlatformRules } from '../rules/rules.ts';
import { apiLatencyBoard } from './api-latency-board.ts';
import { isMetricPanel } from './board.ts';
import type { Board, BoardLine } from './board.ts';
import { cloudBoard } from './cloud-board.ts';
import { enginesBoard } from './engines-board.ts';
import { eventsBoard } from './events-board.ts';
import { serviceBoard } from './service-board.ts';
import { zonesBoard } from './zones-board.ts';

/**
 * Every board of a platform, with one of what AWS manages where that is asked. Pure. Throws CodedError RULES_INVALID for a panel that reads a metric, a label
 * or a record that there is not.
 */
export function platformBoards(
  graph: PlatformGraph,
  rules: Pick<PlatformRules, 'groups'>,
  cloud?: CloudWatchSettings,
): readonly Board[] {
  const boards = [
    ...[apiLatencyBoard(graph) ?? []].flat(),
    zonesBoard(graph),
    ...[eventsBoard(graph)].filter(({ rows }) => rows.length > 1),
    enginesBoard(graph),
    ...(cloud === undefined ? [] : [cloudBoard(cloud)]),
    ...graph.services.map((service) => serviceBoard(graph, service)),
  ];
  for (const board of boards) refuseUnrecorded(rules, board);
  return boards;
}

/** The queries of a board's panels, with the title of each. */
export function linesOf({ rows }: Board): readonly (BoardLine & { readonly panel: string })[] {
  return rows
    .flatMap(({ panels }) => panels)
    .filter(isMetricPanel)
    .flatMap(({ title: panel, lines }) => lines.map((line) => ({ ...line, panel })));
}

/** Throws CodedError RULES_INVALID for each record that a panel reads and no rule makes. */
export function refuseUnrecorded(rules: Pick<PlatformRules, 'groups'>, board: Board): void {
  const problems = linesOf(board).flatMap(({ panel, query }) =>
    unrecorded(rules, query).map(
      ({ name, matchers }) =>
        `Board '${board.title}', panel '${panel}': must read a record of the platform's rules, got '${name}' with ${JSON.stringify(matchers)}; see components/observability/rules`,
    ),
  );
  if (problems.length > 0) throw new CodedError('RULES_INVALID', problems.join('\n'), { problems });
}
