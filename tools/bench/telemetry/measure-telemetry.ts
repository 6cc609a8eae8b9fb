import { TELEMETRY_ZONE } from '@meridian/components/observability/local-places.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { KnownZone } from '../../meridian/zones.ts';
import { zoneStatuses } from '../../meridian/zones.ts';
import type { LoadOptions } from '../load/load.ts';
import { openLoop } from '../load/open-loop.ts';
import { othersThan, processorTimes, usedBy } from '../load/processor-time.ts';
import { measureMemory } from '../memory.ts';
import { namedProcesses } from '../named-processes.ts';
import type { MeasuredRead } from '../product.ts';
import { costsOf } from './telemetry-costs.ts';
import type { Round, Sample, TelemetryCosts } from './telemetry-costs.ts';
import { TelemetrySwitch } from './telemetry-switch.ts';
import { VARIANTS } from './variants.ts';
import type { Variant } from './variants.ts';

/** Whose replicas a read goes through. */
const SERVICES = ['gateway', 'catalog'];

/** Until processes that were just started do it as quickly as they will. */
const WARM_UP_SECONDS = 8;

/** What the benchmark of telemetry is asked for. */
export interface TelemetryOptions extends LoadOptions {
  /** Each has every variant, one after the other. */
  readonly rounds: number;
}

/** What telemetry costs reads, by how much of it there is. */
export interface TelemetryMeasured extends TelemetryOptions, TelemetryCosts {}

/**
 * Measures cached reads of one product under an open loop with telemetry off, at ten percent, full, and full with a
 * collector that is stuck, in turns: what else the machine does meanwhile falls on each of them.
 *
 * @param say is told what goes on
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT
 */
export async function measureTelemetry(
  read: MeasuredRead,
  folders: Folders,
  options: TelemetryOptions,
  say: (what: string) => void,
): Promise<TelemetryMeasured> {
  await using telemetry = await TelemetrySwitch.open(folders, SERVICES);
  const load = { ...options, origin: read.origin, path: read.path, ca: read.ca };
  const rounds: Round[] = [];
  for (let round = 1; round <= options.rounds; round += 1) {
    const samples: [Variant, Sample][] = [];
    for (const variant of VARIANTS) {
      say(`has telemetry ${WORDS[variant]} (round ${round} of ${options.rounds})`);
      await telemetry.become(variant);
      await openLoop({ ...load, seconds: WARM_UP_SECONDS });
      const zones = await zoneStatuses(folders);
      samples.push([variant, await sample(zones, () => openLoop(load))]);
    }
    rounds.push(Object.fromEntries(samples) as Round);
  }
  return { ...options, ...costsOf(rounds) };
}

const WORDS: Readonly<Record<Variant, string>> = {
  off: 'off',
  tenPercent: 'at ten percent',
  full: 'full',
  stuck: 'full and its collector stopped',
};

async function sample(
  zones: readonly KnownZone[],
  work: () => ReturnType<typeof openLoop>,
): Promise<Sample> {
  const isTelemetry = ({ zone }: KnownZone): boolean => zone === TELEMETRY_ZONE.name;
  const pidsOf = (some: readonly KnownZone[]): readonly number[] =>
    namedProcesses(some).flatMap(({ pids }) => pids);
  const platform = pidsOf(zones.filter((zone) => !isTelemetry(zone)));
  const stores = pidsOf(zones.filter(isTelemetry));
  const before = processorTimes();
  const answers = await work();
  const after = processorTimes();
  const perRequestUs = (pids: readonly number[]): number =>
    (usedBy(pids, before, after) * 1e3) / answers.answered;
  const others = othersThan([process.pid, ...platform, ...stores], before, after);
  const own = measureMemory(zones).filter(({ name }) => SERVICES.includes(name));
  const all = measureMemory(zones.filter(isTelemetry)).filter(({ name }) => name !== 'zone agent');
  return {
    answered: answers.answered,
    failed: answers.sent - answers.answered,
    p95Ms: answers.latencyMs.p95,
    platformUs: perRequestUs(platform),
    telemetryUs: perRequestUs(stores),
    processMiB: sum(own.map(({ pssMiB }) => pssMiB)) / sum(own.map((each) => each.processes)),
    telemetryMiB: sum(all.map(({ pssMiB }) => pssMiB)),
    othersShare: sum(others.map(({ share }) => share)),
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
