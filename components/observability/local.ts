import type { LoweringContext } from '../local/lowering.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ObservabilityLanding } from './observability.ts';

/** Nothing yet. */
export type LocalObservability = null;

/** Nothing yet. */
export function lowerObservability(): LocalObservability {
  return null;
}

/** Nothing yet. */
export function landObservability(): ObservabilityLanding {
  return () => ({ consoleUrl: null });
}

/** Telemetry on this machine. */
export const localObservability: NounLanding<
  LoweringContext,
  LocalObservability,
  undefined,
  ObservabilityLanding
> = { lower: lowerObservability, land: landObservability };
