import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { Injected } from './injected.ts';
import { MetricsStore } from './metrics-store.ts';
import type { Firing } from './metrics-store.ts';
import { Pager } from './pager.ts';
import { PlatformView } from './platform-view.ts';
import { smallTimeSteps } from './small-time-steps.ts';
import { traffic } from './traffic.ts';

/** What it takes to have a platform live in small time. */
export interface SmallTimeOptions {
  readonly folders: Folders;
  readonly injected: Injected;
  /** The platform's rules in small time. */
  readonly rules: string;
  /** Ends it early; everything is taken back all the same. */
  readonly signal: AbortSignal;
  /** Hears what goes on while nothing happens, such as what is waited for. */
  readonly onWait: (what: string) => void;
}

/** A platform that lives in small time, with users and nothing wrong. */
export interface Ground {
  readonly view: PlatformView;
  readonly pager: Pager;
  readonly store: MetricsStore;
  readonly injected: Injected;
}

const POLL_MS = 500;

/** Users come for so long before anything breaks: five minutes of rules in small time, and a little. */
const QUIET_SECONDS = 40;
const QUIET_WITHIN_SECONDS = 300;

/** As far back as budgets look in small time: what rules have recorded there is of another time scale, and of other users. */
const REMEMBERED_MS = 8 * 3_600_000;

/** Rates of the first minutes after a drill would still read what was before it began. */
const FORGOTTEN_BEFORE_MS = 5 * 60_000;

/**
 * Does something on the running platform in small time, once nothing is wrong with it; then takes everything back, and has
 * metrics of that time forgotten.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, CATALOGUE_EMPTY, DRILL_PLATFORM_UNWELL, CANCELLED
 */
export async function inSmallTime<T>(
  options: SmallTimeOptions,
  work: (ground: Ground) => Promise<T>,
): Promise<T> {
  const { folders, injected } = options;
  const view = await PlatformView.open(folders);
  const pager = new Pager(view);
  await using held = new AsyncDisposableStack();
  const store = held.use(new MetricsStore(view));
  held.use(await traffic(folders, view));
  const beganMs = Date.now();
  const smallTime = await smallTimeSteps(view, options.rules);
  try {
    await store.forgetRecords(beganMs - REMEMBERED_MS, beganMs);
    await injected.apply(smallTime);
    await waitForQuiet(options, store, beganMs);
    return await work({ view, pager, store, injected });
  } finally {
    await injected.takeBack();
    await store.forget(beganMs - FORGOTTEN_BEFORE_MS, Date.now());
  }
}

/** Until rules have been evaluated in small time, and nothing fires. */
async function waitForQuiet(
  { signal, onWait }: SmallTimeOptions,
  store: MetricsStore,
  beganMs: number,
): Promise<void> {
  onWait('users come; nothing may be wrong before a fault is injected');
  const deadline = Date.now() + QUIET_WITHIN_SECONDS * 1_000;
  let firing: readonly Firing[] = [];
  for (let quietSince = Date.now(); ;) {
    const isSeen = await store.hasRecordedSince(Math.max(beganMs, Date.now() - 10_000));
    firing = isSeen ? await store.firing() : firing;
    if (!isSeen || firing.length > 0) quietSince = Date.now();
    if (Date.now() - quietSince >= QUIET_SECONDS * 1_000) return;
    if (Date.now() > deadline) throw unwell(firing);
    await pause(signal);
  }
}

function unwell(firing: readonly Firing[]): CodedError {
  const fires = firing.map(({ alert, about }) => `${alert} about ${about}`);
  return new CodedError(
    'DRILL_PLATFORM_UNWELL',
    `Drill: nothing may be wrong before it begins, got ${fires.length === 0 ? 'no records of rules at all' : fires.join(', ')} for ${QUIET_WITHIN_SECONDS} s; see 'npm run status', and end what else keeps this machine busy`,
  );
}

/** @throws {CodedError} CANCELLED */
export async function pause(signal: AbortSignal, milliseconds: number = POLL_MS): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new CodedError('CANCELLED', 'The drill was ended early; what it broke is taken back', {
      cause,
    });
  }
}
