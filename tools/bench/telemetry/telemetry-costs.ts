import { VARIANTS } from './variants.ts';
import type { Variant } from './variants.ts';

/** One measurement. */
export interface Sample {
  readonly answered: number;
  readonly failed: number;
  readonly p95Ms: number;
  /** Microseconds of one processor for a request, of all processes but those that receive telemetry. */
  readonly platformUs: number;
  /** The same of what receives and keeps telemetry. */
  readonly telemetryUs: number;
  /** Of one process of those that a read goes through, in MiB of Pss. */
  readonly processMiB: number;
  /** Of all that receives and keeps telemetry, in MiB of Pss. */
  readonly telemetryMiB: number;
  /** Of the machine, 0 to 1, that neither the platform nor the client used. */
  readonly othersShare: number;
}

/** Every variant once, one after the other. */
export type Round = Readonly<Record<Variant, Sample>>;

/** A variant over all rounds: medians, and those of its ratios to `off` in the same round. */
export interface VariantCost extends Sample {
  readonly variant: Variant;
  readonly cpuRatio: number;
  readonly p95Ratio: number;
}

/** What telemetry costs. */
export interface TelemetryCosts {
  readonly variants: readonly VariantCost[];
  /** The p95 of a stuck collector over that of one that works, in the same round. */
  readonly stuckP95Ratio: number;
}

/** Sums up rounds; ratios are made within a round, where the machine was the same. Pure. */
export function costsOf(rounds: readonly Round[]): TelemetryCosts {
  const over = (of: Variant, to: Variant, what: 'platformUs' | 'p95Ms'): number =>
    median(rounds.map((round) => round[of][what] / round[to][what]));
  return {
    variants: VARIANTS.map((variant) => {
      const at = (what: keyof Sample): number =>
        median(rounds.map((round) => round[variant][what]));
      return {
        variant,
        answered: at('answered'),
        failed: at('failed'),
        p95Ms: at('p95Ms'),
        platformUs: at('platformUs'),
        telemetryUs: at('telemetryUs'),
        processMiB: at('processMiB'),
        telemetryMiB: at('telemetryMiB'),
        othersShare: at('othersShare'),
        cpuRatio: over(variant, 'off', 'platformUs'),
        p95Ratio: over(variant, 'off', 'p95Ms'),
      };
    }),
    stuckP95Ratio: over('stuck', 'full', 'p95Ms'),
  };
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((one, other) => one - other);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? high : (low + high) / 2;
}
