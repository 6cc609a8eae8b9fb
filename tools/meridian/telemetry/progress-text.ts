import { printable } from '../output/printable.ts';
import type { BuildProgress } from './build-record.ts';

/** A build that goes on. */
export type BuildUnderWay = Exclude<BuildProgress, { readonly phase: 'failed' | 'built' }>;

const MINUTE_MS = 60_000;

/** How far a build is, in words. */
export function progressText(progress: BuildUnderWay, now: number): string {
  const minutes = `${Math.floor((now - progress.since) / MINUTE_MS)} min`;
  switch (progress.phase) {
    case 'waiting':
      return `waiting behind ${printable(progress.behind)}, ${minutes}`;
    case 'building':
      return `building ${progress.engine} (${progress.position} of ${progress.count}), ${minutes}`;
    case 'joining':
      return `joining, ${minutes}`;
  }
}
