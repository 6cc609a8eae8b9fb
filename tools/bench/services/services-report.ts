import type { table } from '../../meridian/table.ts';
import type { MeasuredOperation, MeasuredServices } from './measure-services.ts';
import { NOT_ASKED } from './operations.ts';

const EDGE = ['METHOD', 'A SECOND', 'p50', 'p95', 'p99', 'CPU MS A CALL', 'HOLDS A SECOND', 'THEN'];
const HANDLER = ['METHOD', 'CALLS', 'p50', 'p95', 'p99'];

/** Writes rows out; some columns are texts, the others numbers. */
export type WriteTable = (
  ...[header, rows, texts]: [...Parameters<typeof table>, texts: readonly number[]]
) => string;

/** The service latency table, for people or for a document. */
export function servicesReport(
  { operations, handlers }: MeasuredServices,
  write: WriteTable,
): string {
  return [
    'At the edge, in milliseconds from the moment at which a request was due:',
    '',
    write(EDGE, operations.map(row), [0, EDGE.length - 1]),
    '',
    ...Object.entries(NOT_ASKED).map(([method, why]) => `Not asked is ${method}: ${why}.`),
    '',
    'At handlers, those between services included, over the whole run and so also under the highest rates:',
    '',
    write(
      HANDLER,
      Object.entries(handlers).map(([method, { calls, p50, p95, p99 }]) => [
        method,
        String(calls),
        ...[p50, p95, p99].map(shown),
      ]),
      [0],
    ),
    '',
    'The design document has: authentication about 2 ms, handlers 5 to 12 ms, a read 15 to 25 ms at p95.',
  ].join('\n');
}

function row(operation: MeasuredOperation): readonly string[] {
  const { method, ratePerSecond, latencyMs, cpuMs, heldPerSecond } = operation;
  return [
    method,
    String(ratePerSecond),
    ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map(shown),
    shown(cpuMs),
    String(heldPerSecond),
    then(operation),
  ];
}

/** What came at the next rate, or why none was tried. */
function then({ broke, failures, onlyBecause }: MeasuredOperation): string {
  if (broke !== undefined) return `${broke.ratePerSecond} a second: ${broke.reason}`;
  if (onlyBecause !== undefined) return `not tried: ${onlyBecause}`;
  return Object.entries(failures)
    .map(([what, count]) => `${count} × ${what}`)
    .join(', ');
}

function shown(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}
