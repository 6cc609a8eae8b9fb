import type { table } from '../../meridian/table.ts';
import type { TelemetryMeasured } from './measure-telemetry.ts';
import type { Variant } from './variants.ts';

const NAMES: Readonly<Record<Variant, string>> = {
  off: 'off: ids and metrics alone',
  tenPercent: '10 % of traces',
  full: 'all traces',
  stuck: 'all traces, collector stopped',
};

/** What telemetry costs, for people. @param asTable how rows become a table */
export function telemetryReport(measured: TelemetryMeasured, asTable: typeof table): string {
  const { variants, rounds, seconds, ratePerSecond, stuckP95Ratio } = measured;
  const rows = variants.map((cost) => [
    NAMES[cost.variant],
    cost.platformUs.toFixed(0),
    cost.cpuRatio.toFixed(2),
    cost.telemetryUs.toFixed(0),
    cost.p95Ms.toFixed(1),
    cost.p95Ratio.toFixed(2),
    cost.processMiB.toFixed(0),
    cost.telemetryMiB.toFixed(0),
    `${(100 * cost.othersShare).toFixed(0)} %`,
  ]);
  const header = [
    ...['TELEMETRY', 'µs A READ', 'OVER OFF', 'µs OF STORES', 'p95 ms', 'OVER OFF'],
    ...['MiB A PROCESS', 'MiB OF STORES', 'OTHERS'],
  ];
  const failed = variants.reduce((sum, cost) => sum + cost.failed, 0);
  return [
    asTable(header, rows),
    `${rounds} rounds of ${seconds} s each at ${ratePerSecond} reads a second, medians; a stopped collector has ${stuckP95Ratio.toFixed(2)} of the p95 of one that works; ${failed} reads failed.`,
  ].join('\n\n');
}
