import { setTimeout as delay } from 'node:timers/promises';
import type { KnownZone } from '../../meridian/zones.ts';
import { atPace } from '../load/open-loop.ts';
import type { Answers } from '../load/open-loop.ts';
import { processorTimes, usedBy } from '../load/processor-time.ts';
import type { ProcessorTimes } from '../load/processor-time.ts';
import { namedProcesses } from '../named-processes.ts';
import { durationsBetween, handlerTimes } from './handler-times.ts';
import type { HandlerDurations } from './handler-times.ts';
import type { Operation } from './operations.ts';

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

/** Measures each operation at a low rate, and then at twice the rate until it does not hold any more. */
export async function measureServices(
  zones: readonly KnownZone[],
  operations: readonly Operation[],
  say: (what: string) => void,
): Promise<MeasuredServices> {
  say('looks at the platform at rest');
  const restMsPerSecond = await atRest(zones);
  const before = await handlerTimes(zones);
  const measured: MeasuredOperation[] = [];
  for (const operation of operations) {
    say(`asks ${operation.method}`);
    measured.push(await measure(zones, operation, restMsPerSecond));
  }
  const handlers = durationsBetween(before, await handlerTimes(zones));
  return { operations: measured, handlers: Object.fromEntries([...handlers].sort()) };
}

async function measure(
  zones: readonly KnownZone[],
  { method, ask, objectiveMs }: Operation,
  restMsPerSecond: number,
): Promise<MeasuredOperation> {
  // Connections, statements and code that the first calls wait for.
  await atPace({ ratePerSecond: BASE_RATE, seconds: 1 }, ask);
  const from = processorTimes();
  const base = await atPace({ ratePerSecond: BASE_RATE, seconds: BASE_SECONDS }, ask);
  const to = processorTimes();
  const usedMs = platformMs(zones, from, to) - restMsPerSecond * secondsBetween(from, to);
  let held = 0;
  let broke: MeasuredOperation['broke'];
  for (let rate = BASE_RATE; rate <= HIGHEST_RATE && broke === undefined; rate *= 2) {
    const answers =
      rate === BASE_RATE ? base : await atPace({ ratePerSecond: rate, seconds: STEP_SECONDS }, ask);
    const reason = reasonAgainst(answers, objectiveMs);
    if (reason === undefined) held = rate;
    else broke = { ratePerSecond: rate, reason };
  }
  return {
    ...{ method, ratePerSecond: BASE_RATE, latencyMs: base.latencyMs, failures: base.failures },
    cpuMs: Math.max(0, usedMs) / Math.max(1, base.answered),
    heldPerSecond: held,
    ...(broke === undefined ? {} : { broke }),
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
