import {
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  defaultDashboard,
  RowBuilder,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { AnnotationQuery, Panel, RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import { promql, RELEASE_LABEL, series, sumBy, textOf, UP } from '../rules/promql.ts';
import type { Board, BoardRow } from './board.ts';
import { DATA_SOURCE } from './data-sources.ts';
import { grafanaPanel } from './grafana-panel.ts';

/** By which boards are listed in each other's menus. */
const TAG = 'meridian';

/** Tag of what drills write down. */
export const DRILL_TAG = 'drill';

/** Of a board, in Grafana's units. */
const BOARD_WIDTH = 24;
const PANEL_HEIGHT = 8;

/**
 * A board in Grafana's classic form, which is what its files of provisioning hold: the newer one is that of
 * its own API.
 */
export type GrafanaBoard = ReturnType<typeof defaultDashboard>;

/** A board as Grafana has it. Pure. */
export function grafanaBoard({ uid, title, description, rows }: Board): GrafanaBoard {
  return {
    ...defaultDashboard(),
    uid,
    title,
    description,
    tags: [TAG],
    editable: false,
    time: { from: 'now-1h', to: 'now' },
    refresh: '30s',
    graphTooltip: DashboardCursorSync.Crosshair,
    annotations: { list: [releases(), drills()] },
    links: [boardsMenu().build()],
    panels: laidOut(rows),
  };
}

/** Rows below each other; panels have numbers of their own on a board. */
function laidOut(rows: readonly BoardRow[]): (Panel | RowPanel)[] {
  const placed: (Panel | RowPanel)[] = [];
  let y = 0;
  for (const { title, panels } of rows) {
    const id = placed.length + 1;
    placed.push(
      new RowBuilder(title).id(id).gridPos({ x: 0, y, w: BOARD_WIDTH, h: 1 }).build(),
      ...panels.map((panel, position) =>
        grafanaPanel(panel, {
          id: id + 1 + position,
          gridPos: gridPlace(y + 1, position, panels.length),
        }).build(),
      ),
    );
    y += 1 + PANEL_HEIGHT * Math.ceil(panels.length / besides(panels.length));
  }
  return placed;
}

/** Three side by side at most, or two where four would leave a gap. */
function besides(count: number): number {
  return count === 4 ? 2 : Math.min(count, 3);
}

function gridPlace(top: number, position: number, count: number) {
  const width = BOARD_WIDTH / besides(count);
  return {
    x: (position % besides(count)) * width,
    y: top + Math.floor(position / besides(count)) * PANEL_HEIGHT,
    w: width,
    h: PANEL_HEIGHT,
  };
}

/** Where replicas of another release than before are seen. */
function releases(): AnnotationQuery {
  const seen = series(UP, { [RELEASE_LABEL]: { pattern: '.+' } });
  const labels = ['job', RELEASE_LABEL];
  const before = promql`${seen} offset ${{ seconds: 60 }}`;
  const query = promql`${sumBy(labels, seen)} unless ${sumBy(labels, before)}`;
  return {
    name: 'Releases',
    datasource: { type: 'prometheus', uid: DATA_SOURCE.metrics },
    enable: true,
    iconColor: 'blue',
    expr: textOf(query, 1),
    step: '60s',
    titleFormat: 'Release of {{job}}',
    textFormat: `{{${RELEASE_LABEL}}}`,
  };
}

/** What Grafana was told of drills. */
function drills(): AnnotationQuery {
  // Serialised without its method, by which the library tells queries from other values.
  const target = {
    ...{ type: 'tags', tags: [DRILL_TAG], limit: 100, matchAny: false },
    _implementsDataqueryVariant: () => undefined,
  };
  return {
    name: 'Drills',
    datasource: { type: 'datasource', uid: 'grafana' },
    enable: true,
    iconColor: 'orange',
    target,
  };
}

function boardsMenu(): DashboardLinkBuilder {
  return new DashboardLinkBuilder('Boards')
    .type(DashboardLinkType.Dashboards)
    .tags([TAG])
    .asDropdown(true)
    .keepTime(true);
}
