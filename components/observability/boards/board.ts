import type { Query } from '../rules/promql.ts';
import type { LogQuery } from './log-query.ts';
import type { TraceQuery } from './trace-query.ts';

/** What people look at, as plain values; each landing lowers it to what shows boards there. */
export interface Board {
  /** Stays the same for ever: links lead to it. 8 to 40 letters, digits and hyphens. */
  readonly uid: string;
  readonly title: string;
  /** The question that it answers. */
  readonly description: string;
  readonly rows: readonly BoardRow[];
}

/** Panels side by side, of the same width, under a title. */
export interface BoardRow {
  readonly title: string;
  readonly panels: readonly BoardPanel[];
}

export type BoardPanel = MetricPanel | LogPanel | TracePanel;

interface PanelText {
  readonly title: string;
  readonly description: string;
}

/** Lines over time, or the newest value of each. */
export interface MetricPanel extends PanelText {
  readonly kind: 'lines' | 'numbers';
  readonly unit: BoardUnit;
  readonly lines: readonly BoardLine[];
  /** Beyond it is bad; drawn as a line. @default none */
  readonly limit?: number;
  /** Where a line leads: to the board of the service that the line is about. @default nowhere */
  readonly leadsToService?: true;
}

/** A query and what its series are called. */
export interface BoardLine {
  readonly query: Query;
  /** With labels in double braces, such as '{{service}}'. */
  readonly legend: string;
  /** Whether points lead to traces: of a histogram's buckets alone. @default no */
  readonly exemplars?: true;
}

/** Newest first. */
export interface LogPanel extends PanelText {
  readonly kind: 'logs';
  readonly query: LogQuery;
}

/** A list of traces. */
export interface TracePanel extends PanelText {
  readonly kind: 'traces';
  readonly query: TraceQuery;
}

/** How values are written for people; a share is from 0 to 1, a rate is of a second. */
export type BoardUnit = 'share' | 'seconds' | 'rate' | 'count';

/** Panels whose values are numbers. */
export function isMetricPanel(panel: BoardPanel): panel is MetricPanel {
  return panel.kind === 'lines' || panel.kind === 'numbers';
}
