import { setTimeout as delay } from 'node:timers/promises';
import type { KnownZone } from '../../meridian/zones.ts';
import { atPace } from '../load/open-loop.ts';
import type { Answers } from '../load/open-loop.ts';
import { processorTimes, usedBy } from '../load/processor-time.ts';
import type { ProcessorTimes } from '../load/processor-time.ts';
import { namedProcesses } from '../named-processes.ts';
import { durationsBetween, handlerTimes } from './handler-times.ts';
import type { HandlerDurations } from './handler-times.ts';
import type { Operation } from './operation.ts';

/** One public method, as its caller has it. */
export interface MeasuredOperation {
  readonly method: string;
  /** At this rate latency and cost were measured. */
  readonly ratePerSecond: number;
  readonly latencyMs: Answers['latencyMs'];
  readonly failures: Readonly<Record<string, number>>;
  /** Milliseconds of one processor that the whole platform used for a call, beyond what it uses at rest. */
  readonly cpuMs: number;
  /** The highest rate that was tried at which everything was answered within the objective; 0 if none. */
  readonly heldPerSecond: number;
  /** The rate after that, and why it does not count; absent where the last that was tried was held. */
  readonly broke?: { readonly ratePerSecond: number; readonly reason: string };
  /** Why no higher rate was tried. */
  readonly onlyBecause?: string;
}

/** What was measured. */
export interface MeasuredServices {
  readonly operations: readonly MeasuredOperation[];
  /** By full method name, those that other services and sagas call among them. */
  readonly handlers: Readonly<Record<string, HandlerDurations>>;
}

const BASE_RATE = 10;
const BASE_SECONDS = 5;
const STEP_SECONDS = 3;
const HIGHEST_RATE = 1280;
const REST_MS = 3000;
/** What was prepared sets off work, which is not to be charged to the calls after it. */
const SETTLE_MS = 1000;

/** What measuring needs of whoever prepared the platform. */
export interface MeasuringSession {
  /** Keeps those who ask signed in: a token lasts less than all of this. */
  readonly renew: () => Promise<void>;
  readonly say: (what: string) => void;
  /** The metrics of every replica, as they are now. */
  readonly pages: () => Promise<readonly string[]>;
}

/** Measures each operation at a low rate, and then at twice the rate until it does not hold any more. */
export async function measureServices(
  zones: readonly KnownZone[],
  operations: readonly Operation[],
  { renew, say, pages }: MeasuringSession,
): Promise<MeasuredServices> {
  say('looks at the platform at rest');
  const restMsPerSecond = await atRest(zones);
  const before = handlerTimes(await pages());
  const measured: MeasuredOperation[] = [];
  for (const operation of operations) {
    say(`asks ${operation.method}`);
    await renew();
    measured.push(await measure(zones, operation, restMsPerSecond));
  }
  const handlers = durationsBetween(before, handlerTimes(await pages()));
  return { operations: measured, handlers: Object.fromEntries([...handlers].sort()) };
}

async function measure(
  zones: readonly KnownZone[],
  { method, ask, objectiveMs, prepare, onlyBecause, ratePerSecond = BASE_RATE }: Operation,
  restMsPerSecond: number,
): Promise<MeasuredOperation> {
  await prepare?.(ratePerSecond * (1 + BASE_SECONDS));
  await delay(SETTLE_MS);
  // Connections, statements and code that the first calls wait for.
  await atPace({ ratePerSecond, seconds: 1 }, ask);
  const from = processorTimes();
  const base = await atPace({ ratePerSecond, seconds: BASE_SECONDS }, ask);
  const to = processorTimes();
  const usedMs = platformMs(zones, from, to) - restMsPerSecond * secondsBetween(from, to);
  let held = 0;
  let broke: MeasuredOperation['broke'];
  const highest = onlyBecause === undefined ? HIGHEST_RATE : ratePerSecond;
  for (let rate = ratePerSecond; rate <= highest && broke === undefined; rate *= 2) {
    const answers =
      rate === ratePerSecond
        ? base
        : await atPace({ ratePerSecond: rate, seconds: STEP_SECONDS }, ask);
    const reason = reasonAgainst(answers, objectiveMs);
    if (reason === undefined) held = rate;
    else broke = { ratePerSecond: rate, reason };
  }
  return {
    ...{ method, ratePerSecond, latencyMs: base.latencyMs, failures: base.failures },
    cpuMs: Math.max(0, usedMs) / Math.max(1, base.answered),
    heldPerSecond: held,
    ...(broke === undefined ? {} : { broke }),
    ...(onlyBecause === undefined ? {} : { onlyBecause }),
  };
}

function reasonAgainst(
  { sent, answered, failures, latencyMs }: Answers,
  objectiveMs: number,
): string | undefined {
  if (answered < sent) {
    const [first] = Object.keys(failures);
    return `${sent - answered} of ${sent} failed (${first ?? 'no answer'})`;
  }
  return latencyMs.p99 > objectiveMs
    ? `p99 ${latencyMs.p99.toFixed(0)} ms, objective ${objectiveMs} ms`
    : undefined;
}

async function atRest(zones: readonly KnownZone[]): Promise<number> {
  const from = processorTimes();
  await delay(REST_MS);
  const to = processorTimes();
  return platformMs(zones, from, to) / secondsBetween(from, to);
}

function platformMs(zones: readonly KnownZone[], from: ProcessorTimes, to: ProcessorTimes): number {
  return usedBy(
    namedProcesses(zones).flatMap(({ pids }) => pids),
    from,
    to,
  );
}

function secondsBetween(from: ProcessorTimes, to: ProcessorTimes): number {
  return (to.takenAt - from.takenAt) / 1e3;
}
