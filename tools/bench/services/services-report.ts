import { table } from '../../meridian/table.ts';
import type { MeasuredOperation, MeasuredServices } from './measure-services.ts';

/** The service latency table, for people. */
export function servicesReport({ operations, handlers }: MeasuredServices): string {
  return [
    'At the edge, in milliseconds from the moment at which a request was due:',
    table(
      ['METHOD', 'A SECOND', 'p50', 'p95', 'p99', 'CPU MS A CALL', 'HOLDS A SECOND', 'THEN'],
      operations.map(row),
    ),
    '',
    'At handlers, over the whole run and so also under the highest rates:',
    table(
      ['METHOD', 'CALLS', 'p50', 'p95', 'p99'],
      Object.entries(handlers).map(([method, { calls, p50, p95, p99 }]) => [
        method,
        String(calls),
        ...[p50, p95, p99].map(shown),
      ]),
    ),
    '',
    'The design document has: authentication about 2 ms, handlers 5 to 12 ms, a read 15 to 25 ms at p95.',
  ].join('\n');
}

function row({
  method,
  ratePerSecond,
  latencyMs,
  cpuMs,
  heldPerSecond,
  broke,
  failures,
}: MeasuredOperation): readonly string[] {
  const failed = Object.entries(failures).map(([what, count]) => `${count} × ${what}`);
  return [
    method,
    String(ratePerSecond),
    ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map(shown),
    shown(cpuMs),
    String(heldPerSecond),
    broke === undefined ? failed.join(', ') : `${broke.ratePerSecond} a second: ${broke.reason}`,
  ];
}

function shown(ms: number): string {
  return ms < 10 ? ms.toFixed(1) : ms.toFixed(0);
}
