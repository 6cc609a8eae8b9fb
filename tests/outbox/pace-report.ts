import type { LatencySummary } from '../../tools/bench/load/latencies.ts';
import { table } from '../../tools/meridian/table.ts';

/** What was measured of one way from a writer to a reader. */
export interface Way {
  readonly name: string;
  readonly events: number;
  /** At which they arrived, beginning with the first. */
  readonly perSecond: number;
  readonly latencyMs: LatencySummary;
}

/** What a process used: milliseconds of a processor for an event, and in a second at rest. */
export interface Use {
  readonly name: string;
  readonly msPerEvent: number;
  readonly restMsPerSecond: number;
}

/** What `npm run bench:outbox` shows: each way, the first as a ratio of the second, and what it takes. */
export function paceReport([measured, floor]: readonly [Way, Way], uses: readonly Use[]): string {
  const names = ['p50', 'p95', 'p99', 'max'] as const;
  const rows = [measured, floor].map(({ name, events, perSecond, latencyMs }) => [
    ...[name, String(events), perSecond.toFixed(0)],
    ...names.map((of) => latencyMs[of].toFixed(1)),
  ]);
  const ratios = names.map((of) => (measured.latencyMs[of] / floor.latencyMs[of]).toFixed(1));
  const used = uses.map(({ name, msPerEvent, restMsPerSecond }) => [
    ...[name, msPerEvent.toFixed(2), restMsPerSecond.toFixed(1)],
  ]);
  return [
    table(
      ['FROM COMMIT TO EFFECT, ms', 'EVENTS', 'A SECOND', ...names],
      [...rows, ['ratio', '', '', ...ratios]],
    ),
    '',
    table(['CPU', 'ms AN EVENT', 'ms A SECOND AT REST'], used),
    '',
  ].join('\n');
}
