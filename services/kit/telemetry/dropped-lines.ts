import { pino } from 'pino';
import { LABELS, METRICS } from './names.ts';
import { counter } from './registered.ts';
import type { MetricsRegistry } from './registered.ts';

/** Counts lines that are not written, by their level; each of its series is at 0 from the start. */
export function droppedLines(registry: MetricsRegistry): (level: number) => void {
  const lines = counter(registry, {
    name: METRICS.logLinesDropped,
    help: 'Log lines beyond what a process may write in a second, by level',
  });
  const { labels } = pino.levels;
  for (const level of Object.values(labels)) lines.inc({ [LABELS.level]: level }, 0);
  return (level) => lines.inc({ [LABELS.level]: labels[level] ?? 'unknown' });
}
