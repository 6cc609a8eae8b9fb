import { durationsOf } from './durations.ts';
import type { Durations } from './durations.ts';

/** The parts of the stage, and which floor each is held against. */
export const AUTHENTICATION_STEPS = {
  /** A token that the gateway sees for the first time. */
  newToken: 'verification',
  /** One that it has verified before. */
  knownToken: 'verification',
  /** What a new token takes from the budget of its address, and gets back. */
  newTokenCounted: 'roundTrip',
  requestCounted: 'roundTrip',
  contextSigned: 'verification',
  /** By the service that is called. */
  contextVerified: 'verification',
} as const;

/** Name of a part. */
export type Step = keyof typeof AUTHENTICATION_STEPS;

/** One raw Ed25519 verification, and one PING of Redis and its answer over a bare TLS connection. */
export type Floor = (typeof AUTHENTICATION_STEPS)[Step];

/** What the stage does to a request, by whether its token has been seen before. */
const STAGES = {
  knownToken: ['knownToken', 'requestCounted', 'contextSigned', 'contextVerified'],
  newToken: ['newTokenCounted', 'newToken', 'requestCounted', 'contextSigned', 'contextVerified'],
} as const satisfies Readonly<Record<string, readonly Step[]>>;

/** Whose request. */
export type Stage = keyof typeof STAGES;

/** What authentication costs a request. */
export interface AuthenticationCost {
  readonly rounds: number;
  readonly floors: Readonly<Record<Floor, Durations>>;
  readonly steps: Readonly<Record<Step, Durations>>;
  /** Each part's median over that of its floor. */
  readonly ratios: Readonly<Record<Step, number>>;
  readonly stages: Readonly<Record<Stage, Durations>>;
}

/** One round, in milliseconds. */
export type Sample = Readonly<Record<Step | Floor, number>>;

/** Sums rounds up; a stage is the sum of its parts in each round. */
export function summary(samples: readonly Sample[]): AuthenticationCost {
  const of = (name: Step | Floor): Durations => durationsOf(samples.map((sample) => sample[name]));
  const stage = (steps: readonly Step[]): Durations =>
    durationsOf(samples.map((sample) => steps.reduce((sum, step) => sum + sample[step], 0)));
  const floors = { verification: of('verification'), roundTrip: of('roundTrip') };
  return {
    rounds: samples.length,
    floors,
    steps: mapValues(AUTHENTICATION_STEPS, (name) => of(name)),
    ratios: mapValues(
      AUTHENTICATION_STEPS,
      (name) => of(name).p50 / floors[AUTHENTICATION_STEPS[name]].p50,
    ),
    stages: mapValues(STAGES, (name) => stage(STAGES[name])),
  };
}

/** The same keys with a value made from each. */
function mapValues<Key extends string, Value>(
  keys: Readonly<Record<Key, unknown>>,
  make: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  const entries = (Object.keys(keys) as Key[]).map((key) => [key, make(key)] as const);
  return Object.fromEntries(entries) as Record<Key, Value>;
}
