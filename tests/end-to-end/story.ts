import type { Ground } from './ground.ts';

/**
 * One thing that the whole platform does, told on the one that all stories share: it finds the platform
 * whole and leaves it so.
 */
export interface Story {
  /** By which the output names it. */
  readonly title: string;
  /** Whether it is told for every change; others are told by `npm run test:long -- platform-stories`. @default false */
  readonly always?: boolean;
  /** Declares its tests; what the ground holds is there once they run. */
  readonly tell: (ground: Ground) => void;
}

/** Limits of a step, in milliseconds. */
export const MINUTES = 60_000;
