import { ALERT_VALUE } from './alert.ts';
import type { Alert, Unit } from './alert.ts';
import { BUDGET_REMAINING } from './budget.ts';

/** Where a page sends its reader. */
export interface PageLinks {
  /** Where runbooks are read. @default RUNBOOKS */
  readonly runbooks?: string;
  /** The board of a service: an address or a command, in which `SERVICE` stands for its name. @default BOARD */
  readonly board?: string;
  /** Where traces of a service that failed or were slow are found, likewise. @default TRACES */
  readonly traces?: string;
}

/** The folder of runbooks in the repository. */
export const RUNBOOKS = 'docs/runbooks';

/** A command that says the same as a board. */
const BOARD = 'npm run slo';
/** Templates of Prometheus know no traces; these commands do. */
export const TRACES =
  'npm run logs -- --service SERVICE --level error gives ids of traces, npm run trace -- ID tells one';

/** What an alert tells whoever is woken, in the order in which it is read. */
export type AlertAnnotations = Readonly<
  Record<'summary' | 'description' | 'releases' | 'traces' | 'board' | 'runbook_url', string>
>;

/** How a template of Prometheus writes a value for people. */
const FORMATS: Readonly<Record<Unit, string>> = {
  percent: '| humanizePercentage',
  seconds: '| humanizeDuration',
  count: '| humanize',
  times: '| printf "%.1f times"',
};

/** What a release is to who is woken: a replica that runs since less than this. */
const RELEASED_WITHIN_MINUTES = 30;

/** The annotations of an alert; the first is what users feel. */
export function annotationsOf(alert: Alert, links: PageLinks): AlertAnnotations {
  const { runbooks = RUNBOOKS, board = BOARD, traces = TRACES } = links;
  return {
    summary: named(alert.feels),
    description: description(alert),
    releases: releases(),
    traces: named(traces),
    board: named(board),
    runbook_url: `${runbooks}/${alert.runbook}.md`,
  };
}

function named(text: string): string {
  return text.replaceAll('SERVICE', '{{ $labels.service }}');
}

/** Operations, their values and the limit; of an objective, what is left of its budget too. */
function description({ name, unit, limit }: Alert): string {
  const of = `${ALERT_VALUE}{alert=\\"${name}\\",service=%q}`;
  // Shares of what nobody asked for are not numbers, and equal nothing.
  const values = `${of} == ${of}`;
  const remaining = `${BUDGET_REMAINING}{service=%q}`;
  const now = `{{ range query (printf "topk(3, ${values})" $labels.service $labels.service) }}{{ with .Labels.operation }}{{ . }} {{ end }}{{ .Value ${FORMATS[unit]} }}, {{ end }}`;
  const left = `; left of its budget: {{ range query (printf "min(${remaining})" $labels.service) }}{{ .Value | humanizePercentage }}{{ end }}`;
  return `{{ $labels.service }}: ${now}limit: ${limit}${unit === 'times' ? left : ''}`;
}

/** Whatever was started lately, with its version, of every service: a cause is often another's release. */
function releases(): string {
  const seconds = RELEASED_WITHIN_MINUTES * 60;
  const started = `(time() - process_start_time_seconds) < ${seconds}`;
  const query = `count by (job, service_version) (target_info and on (job, instance) (${started}))`;
  return `started in the last ${RELEASED_WITHIN_MINUTES} minutes: {{ range query "${query}" }}{{ .Labels.job }} {{ .Labels.service_version }} ({{ .Value }}) {{ else }}nothing{{ end }}`;
}
