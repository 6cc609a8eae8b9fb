import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from '@grafana/grafana-foundation-sdk/common';
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import {
  DashboardLinkBuilder,
  DashboardLinkType,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { GridPos, Panel } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder as LogsBuilder } from '@grafana/grafana-foundation-sdk/logs';
import { DataqueryBuilder as LokiQuery } from '@grafana/grafana-foundation-sdk/loki';
import { DataqueryBuilder as PrometheusQuery } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TableBuilder } from '@grafana/grafana-foundation-sdk/table';
import { DataqueryBuilder as TempoQuery } from '@grafana/grafana-foundation-sdk/tempo';
import { PanelBuilder as LinesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { textOf } from '../rules/promql.ts';
import type {
  BoardLine,
  BoardPanel,
  BoardUnit,
  LogPanel,
  MetricPanel,
  TracePanel,
} from './board.ts';
import { DATA_SOURCE } from './data-sources.ts';
import { logql } from './log-query.ts';
import { serviceBoardUid } from './service-board.ts';
import { traceql } from './trace-query.ts';

/** Where a panel is on its board. */
export interface PanelPlace {
  /** Of the board alone. */
  readonly id: number;
  readonly gridPos: GridPos;
}

const METRICS = { type: 'prometheus', uid: DATA_SOURCE.metrics } as const;
const LOGS = { type: 'loki', uid: DATA_SOURCE.logs } as const;
const TRACES = { type: 'tempo', uid: DATA_SOURCE.traces } as const;

/** Grafana's names of units. */
const UNITS: Readonly<Record<BoardUnit, string>> = {
  share: 'percentunit',
  seconds: 's',
  rate: 'reqps',
  count: 'short',
};

/** A panel as Grafana has it. */
export function grafanaPanel(panel: BoardPanel, place: PanelPlace): Builder<Panel> {
  switch (panel.kind) {
    case 'lines':
      return lines(panel, place);
    case 'numbers':
      return numbers(panel, place);
    case 'logs':
      return logs(panel, place);
    case 'traces':
      return traces(panel, place);
  }
}

function lines(panel: MetricPanel, place: PanelPlace): LinesBuilder {
  const builder = new LinesBuilder().min(0);
  fillMetrics(builder, panel, place);
  if (panel.limit === undefined) return builder;
  return builder
    .thresholds(coloured('green', panel.limit, 'red'))
    .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
}

/** The newest value of each; where there is a limit, what is below it is bad. */
function numbers(panel: MetricPanel, place: PanelPlace): StatBuilder {
  const builder = new StatBuilder();
  fillMetrics(builder, panel, place);
  return builder.thresholds(coloured('red', panel.limit ?? 0, 'green'));
}

function fillMetrics(
  builder: LinesBuilder | StatBuilder,
  panel: MetricPanel,
  place: PanelPlace,
): void {
  fill(builder, panel, place);
  builder.datasource(METRICS);
  builder.unit(UNITS[panel.unit]);
  builder.targets(panel.lines.map(prometheusQuery));
  if (panel.leadsToService === true) builder.dataLinks([toService(panel)]);
}

/** Newest first, with the names of a line's fields. */
function logs(panel: LogPanel, place: PanelPlace): LogsBuilder {
  const builder = new LogsBuilder().showTime(true).enableLogDetails(true).wrapLogMessage(true);
  fill(builder, panel, place);
  return builder
    .datasource(LOGS)
    .withTarget(new LokiQuery().refId('A').datasource(LOGS).expr(logql(panel.query)).maxLines(200));
}

/** A table of traces, each of which opens. */
function traces(panel: TracePanel, place: PanelPlace): TableBuilder {
  const builder = new TableBuilder();
  fill(builder, panel, place);
  const query = new TempoQuery()
    .refId('A')
    .datasource(TRACES)
    .queryType('traceql')
    .limit(20)
    .query(traceql(panel.query));
  return builder.datasource(TRACES).withTarget(query);
}

function fill(
  builder: LinesBuilder | StatBuilder | LogsBuilder | TableBuilder,
  { title, description }: BoardPanel,
  { id, gridPos }: PanelPlace,
): void {
  builder.id(id);
  builder.title(title);
  builder.description(description);
  builder.gridPos(gridPos);
}

/** Named by the letters that Grafana gives queries itself. */
function prometheusQuery(
  { query, legend, exemplars }: BoardLine,
  position: number,
): PrometheusQuery {
  const built = new PrometheusQuery()
    .refId(String.fromCharCode('A'.charCodeAt(0) + position))
    .datasource(METRICS)
    .expr(textOf(query, 1))
    .legendFormat(legend)
    .range();
  return exemplars === true ? built.exemplar(true) : built;
}

function coloured(below: string, limit: number, above: string): ThresholdsConfigBuilder {
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: below },
    { value: limit, color: above },
  ]);
}

/** By the label that says which service a line is about. */
function toService({ lines: [line] }: MetricPanel): DashboardLinkBuilder {
  const label = line?.legend.includes('{{job}}') === true ? 'job' : 'service';
  return new DashboardLinkBuilder('Board of the service')
    .type(DashboardLinkType.Link)
    .url(`/d/${serviceBoardUid(`\${__field.labels.${label}}`)}`)
    .keepTime(true);
}
