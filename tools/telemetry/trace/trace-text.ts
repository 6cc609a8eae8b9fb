import { printable } from '../../meridian/output/printable.ts';
import type { LogLine } from '../stores/victorialogs.ts';
import type { RelatedTrace, Relation } from './linked-traces.ts';
import { spanTree, type SpanNode } from './span-tree.ts';

/** A trace with the lines that were written in it. */
export interface ToldTrace extends RelatedTrace {
  readonly lines: readonly LogLine[];
}

const RELATIONS: Readonly<Record<Relation, string>> = {
  asked: 'trace',
  cause: 'came from trace',
  consequence: 'led to trace',
};

/** The longest tree that a person looks at; `--json` has all of it. */
const ROWS_MAX = 400;

const WIDTHS = { when: 12, took: 11, service: 10 } as const;

/** Traces as a person reads them: each a tree over services, on one time axis. Nothing of it is a command to a terminal. */
export function traceText(traces: readonly ToldTrace[]): string {
  const zeroMs = Math.min(...traces.flatMap(({ spans }) => spans.map(({ startMs }) => startMs)));
  return traces.map((trace) => oneTrace(trace, zeroMs)).join('\n\n');
}

function oneTrace({ traceId, relation, spans, lines }: ToldTrace, zeroMs: number): string {
  const services = new Set(spans.map(({ service }) => service));
  const endMs = Math.max(...spans.map(({ startMs, durationMs }) => startMs + durationMs));
  const startMs = spans[0]?.startMs ?? zeroMs;
  const failed = spans.filter((span) => span.failed).length;
  const counted = `${spans.length} span${spans.length === 1 ? '' : 's'} of ${[...services].map(printable).join(', ')}`;
  const head = `${RELATIONS[relation]} ${printable(traceId)}  ${milliseconds(endMs - startMs)}, ${counted}${failed > 0 ? `, ${failed} failed` : ''}, ${new Date(startMs).toISOString()}`;
  const tree = spanTree(spans, lines);
  const rows = [
    ...tree.roots.flatMap((node) => rowsOf(node, 0, zeroMs)),
    ...tree.lines.map((line) => lineRow(line, 0, zeroMs)),
  ];
  const more = rows.length - ROWS_MAX;
  return [
    head,
    ...rows.slice(0, ROWS_MAX),
    ...(more > 0 ? [`  … ${more} more rows, with --json`] : []),
  ].join('\n');
}

function rowsOf(
  { span, lines, children }: SpanNode,
  depth: number,
  zeroMs: number,
): readonly string[] {
  const what = `${'  '.repeat(depth)}${printable(span.name)}`;
  const kind = span.kind === 'internal' || span.kind === 'server' ? '' : ` (${span.kind})`;
  const own = row(
    [since(span.startMs, zeroMs), milliseconds(span.durationMs), printable(span.service)],
    `${what}${kind}${attributesOf(span.attributes)}${span.failed ? '  FAILED' : ''}`,
  );
  const inner = [
    ...children.map((node) => ({ atMs: node.span.startMs, rows: rowsOf(node, depth + 1, zeroMs) })),
    ...lines.map((line) => ({
      atMs: Date.parse(line.time),
      rows: [lineRow(line, depth + 1, zeroMs)],
    })),
  ].toSorted((one, other) => one.atMs - other.atMs);
  return [own, ...inner.flatMap(({ rows }) => rows)];
}

/** What tells a call apart, of all that a span carries. */
function attributesOf(attributes: Readonly<Record<string, string>>): string {
  const { 'rpc.status_code': rpc, 'http.response.status_code': http } = attributes;
  const { 'db.system.name': system, 'error.type': error } = attributes;
  const told = [system, rpc === 'OK' ? undefined : rpc, http, error].filter(
    (text) => text !== undefined,
  );
  return told.length === 0 ? '' : `  [${[...new Set(told)].map(printable).join(' ')}]`;
}

function lineRow(line: LogLine, depth: number, zeroMs: number): string {
  const text = `${'  '.repeat(depth)}${printable(line.level)}: ${printable(line.message)}`;
  return row([since(Date.parse(line.time), zeroMs), '', printable(line.service)], text);
}

function row([when = '', took = '', service = '']: readonly string[], what: string): string {
  return `  ${when.padStart(WIDTHS.when)}  ${took.padStart(WIDTHS.took)}  ${service.padEnd(WIDTHS.service)}  ${what}`;
}

function since(atMs: number, zeroMs: number): string {
  return `+${milliseconds(atMs - zeroMs)}`;
}

function milliseconds(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 2 : 1)} ms`;
}
