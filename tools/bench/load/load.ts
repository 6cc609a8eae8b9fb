import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { KnownZone } from '../../meridian/zones.ts';
import { startFloorServer } from '../floor-server-process.ts';
import { namedProcesses } from '../named-processes.ts';
import type { MeasuredRead } from '../product.ts';
import { openLoop } from './open-loop.ts';
import type { Answers } from './open-loop.ts';
import { othersThan, processorTimes, usedBy } from './processor-time.ts';
import type { ProcessorTimes } from './processor-time.ts';

/** What the benchmark under load is asked for. */
export interface LoadOptions {
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly connections: number;
}

/** Processor time of one kind of process. */
export interface Cost {
  readonly name: string;
  readonly processes: number;
  /** Microseconds of one processor, per request answered. */
  readonly perRequestUs: number;
  /** How much of it the same processes use without any request. */
  readonly ofWhichAtRestUs: number;
  /** Over that of the floor. */
  readonly ratio: number;
}

/** The read path under load. */
export interface LoadMeasured extends LoadOptions {
  readonly answers: Answers;
  /** Answers of the bare server, under the same load. */
  readonly floorAnswers: Answers;
  /** Dearest first. */
  readonly costs: readonly Cost[];
  readonly floorUs: number;
  /** What the client that sends the load uses, which nothing is charged with. */
  readonly clientUs: number;
}

/** What others may use of the machine before figures mean nothing. */
const MAX_SHARE_OF_OTHERS = 0.1;
const REST_MS = 3_000;
const WARM_UP_SECONDS = 3;

/** Runs work and tells what processors did meanwhile. */
interface Watched<Result> {
  readonly result: Result;
  readonly before: ProcessorTimes;
  readonly after: ProcessorTimes;
}

/**
 * Measures cached reads of one product under an open loop, and what they cost each process of the
 * platform, against one bare HTTPS server under the same load.
 *
 * @param say is told what goes on
 * @throws {CodedError} MACHINE_BUSY where something else is at work, before or meanwhile
 */
export async function measureLoad(
  measured: MeasuredRead,
  platform: { readonly folders: Folders; readonly zones: readonly KnownZone[] },
  options: LoadOptions,
  say: (what: string) => void,
): Promise<LoadMeasured> {
  const { folders, zones } = platform;
  const { ratePerSecond, seconds } = options;
  await using floor = await startFloorServer(folders, measured.body);
  const ours = (): readonly number[] => [
    process.pid,
    floor.pid,
    ...namedProcesses(zones).flatMap(({ pids }) => pids),
  ];

  say(`looks for ${REST_MS / 1e3} s at the machine at rest`);
  const rest = await watched(ours, () => delay(REST_MS));
  const load = { ...options, ca: measured.ca };
  const onPlatform = { ...load, origin: measured.origin, path: measured.path };
  const onFloor = { ...load, origin: floor.origin, path: '/' };
  say(`warms up for ${2 * WARM_UP_SECONDS} s`);
  await openLoop({ ...onPlatform, seconds: WARM_UP_SECONDS });
  await openLoop({ ...onFloor, seconds: WARM_UP_SECONDS });
  say(`sends ${ratePerSecond} requests a second for ${seconds} s to the platform`);
  const answered = await watched(ours, () => openLoop(onPlatform));
  say(`sends the same to one bare HTTPS server`);
  const floored = await watched(ours, () => openLoop(onFloor));

  const perRequestUs = (pids: readonly number[], of: Watched<Answers>): number =>
    (usedBy(pids, of.before, of.after) * 1e3) / of.result.answered;
  const floorUs = perRequestUs([floor.pid], floored);
  const restSeconds = (rest.after.takenAt - rest.before.takenAt) / 1e3;
  const byName = Map.groupBy(namedProcesses(zones), ({ name }) => name);
  const costs = [...byName].map(([name, group]): Cost => {
    const pids = group.flatMap(({ pids: members }) => members);
    const used = perRequestUs(pids, answered);
    const atRestMs = usedBy(pids, rest.before, rest.after) / restSeconds;
    return {
      name,
      processes: group.length,
      perRequestUs: used,
      ofWhichAtRestUs: (atRestMs * 1e3) / answered.result.answeredPerSecond,
      ratio: used / floorUs,
    };
  });
  return {
    ...options,
    answers: answered.result,
    floorAnswers: floored.result,
    costs: costs.sort((one, other) => other.perRequestUs - one.perRequestUs),
    floorUs,
    clientUs: perRequestUs([process.pid], answered),
  };
}

/** Throws CodedError MACHINE_BUSY if others than `ours` were at work. */
async function watched<Result>(
  ours: () => readonly number[],
  work: () => Promise<Result>,
): Promise<Watched<Result>> {
  const before = processorTimes();
  const result = await work();
  const after = processorTimes();
  const others = othersThan(ours(), before, after);
  const share = others.reduce((sum, other) => sum + other.share, 0);
  if (share > MAX_SHARE_OF_OTHERS) throw machineBusy(share, others);
  return { result, before, after };
}

function machineBusy(share: number, others: ReturnType<typeof othersThan>): CodedError {
  const percent = (part: number): string => `${(100 * part).toFixed(0)} %`;
  const named = others.slice(0, 3).map((other) => `${other.name} (${percent(other.share)})`);
  return new CodedError(
    'MACHINE_BUSY',
    `Benchmark: others than the platform must use at most ${percent(MAX_SHARE_OF_OTHERS)} of the machine while it measures, got ${percent(share)}, most of it ${named.join(', ')}; run it again when they have ended.`,
  );
}
