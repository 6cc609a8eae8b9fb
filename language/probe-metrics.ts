import { counter, gauge, histogram } from './metric.ts';

/** What a probe does: one asks, the other changes something. */
export const PROBE_OPERATIONS = ['read', 'write'] as const;

/** One of PROBE_OPERATIONS. */
export type ProbeOperation = (typeof PROBE_OPERATIONS)[number];

/**
 * What came of it: `ok`; `refused`, as by a client's error; `failed`, by an answer of the platform that says so; and
 * `unreachable`, where no answer came, or one of the edge that found nobody behind it.
 */
export const PROBE_OUTCOMES = ['ok', 'refused', 'failed', 'unreachable'] as const;

/** One of PROBE_OUTCOMES. */
export type ProbeOutcome = (typeof PROBE_OUTCOMES)[number];

/** Metrics of the probes, which ask the platform from each zone as users do (`services/watch/probe`). */
export const PROBE_METRICS = {
  probeAttempts: counter('probe_attempts_total', 'operation', 'outcome'),
  /** Of those that the platform answered. */
  probeDuration: histogram('probe_duration_seconds', 'operation'),
  /** Time since the platform answered last, whatever it said; since the probe's start where it never did. */
  probeAnswerAge: gauge('probe_last_answer_age_seconds', 'operation'),
} as const;
