import { landed } from '@meridian/components/model/landed.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { judgeEdges } from '../../telemetry/conformance/judge.ts';
import { seenTraces } from '../../telemetry/conformance/seen-traces.ts';
import { openStores } from '../../telemetry/stores/open-stores.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { DURATION_ALLOWED, readSeconds } from '../../shop/duration.ts';
import { printJson } from '../output/print-json.ts';
import { printable } from '../output/printable.ts';
import type { Output } from '../output/schemas.ts';
import { table } from '../table.ts';

/** Options of `meridian conformance`. */
export interface ConformanceOptions {
  readonly json?: boolean;
  /** How far back, such as 10m. */
  readonly since: string;
}

/**
 * Holds the traces of the last minutes against the graph. Ends with 1 if something was seen that is not declared;
 * what is declared and was never seen is listed.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, CONFORMANCE_OPTION_UNUSABLE
 * @throws {CodedError} TELEMETRY_UNREACHABLE, TELEMETRY_REFUSED
 */
export async function conformance({ json, since }: ConformanceOptions): Promise<number> {
  const sinceSeconds = sinceGiven(since);
  await using stores = await openStores();
  const toMs = Date.now();
  const span = { fromMs: toMs - sinceSeconds * 1_000, toMs };
  const { traces, truncated } = await seenTraces(stores.jaeger, span);
  const edges = judgeEdges(landed(platform(localSettings({}))), traces);
  const undeclared = edges.filter(({ state }) => state === 'seen and not declared').length;
  const spans = traces.reduce((sum, trace) => sum + trace.length, 0);
  const told = { sinceSeconds, traces: traces.length, spans, edges, undeclared, truncated };
  if (json === true) printJson<'conformance'>(told);
  else process.stdout.write(`${textOf(told)}\n`);
  return undeclared === 0 ? 0 : 1;
}

function sinceGiven(given: string): number {
  const seconds = readSeconds(given);
  if (seconds !== undefined) return seconds;
  throw new CodedError(
    'CONFORMANCE_OPTION_UNUSABLE',
    `Option '--since': must be ${DURATION_ALLOWED}, got '${given}'`,
  );
}

function textOf(told: Output<'conformance'>): string {
  const { edges, traces, spans, sinceSeconds, truncated, undeclared } = told;
  const looked = `${traces} traces with ${spans} spans of the last ${sinceSeconds} s`;
  const more =
    truncated.length === 0
      ? ''
      : `\nThere were more traces of ${truncated.map(printable).join(', ')} than were looked at: ask for a shorter time.`;
  const seen = edges.filter(({ state }) => state !== 'declared and never seen').length;
  return `${table(['EDGE', 'FROM', 'TO', 'BY', 'SEEN', 'TRACE'], edges.map(rowOf))}

${looked}: ${seen} edges seen, ${edges.length - seen} declared and never seen, ${undeclared} seen and not declared.${more}`;
}

function rowOf({
  kind,
  from,
  to,
  via,
  state,
  count,
  exampleTraceId = '',
}: Output<'conformance'>['edges'][number]): readonly string[] {
  const seen = { 'declared and seen': `${count}`, 'declared and never seen': 'never' } as const;
  return [
    kind,
    printable(from),
    printable(to),
    via === to ? '' : printable(via),
    state === 'seen and not declared' ? `${count}, NOT DECLARED` : seen[state],
    printable(exampleTraceId),
  ];
}
