import { setTimeout as delay } from 'node:timers/promises';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { Expected, Fault, FaultName } from './fault.ts';
import type { Injected } from './injected.ts';
import { MetricsStore } from './metrics-store.ts';
import type { Firing } from './metrics-store.ts';
import type { Moment } from './moments.ts';
import { Pager } from './pager.ts';
import type { Told } from './pager.ts';
import { PlatformView } from './platform-view.ts';
import { smallTimeSteps } from './small-time-steps.ts';
import { traffic } from './traffic.ts';
import { isExpected, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** What a drill needs. */
export interface DrillOptions {
  readonly folders: Folders;
  readonly name: FaultName;
  readonly fault: Fault;
  readonly injected: Injected;
  /** The platform's rules in small time. */
  readonly rules: string;
  /** Ends it early; everything is taken back all the same. */
  readonly signal: AbortSignal;
  /** Hears what goes on while nothing happens, such as what is waited for. */
  readonly onWait: (what: string) => void;
  readonly onMoment: (moment: Moment) => void;
  /** What explains the platform as it is: the id of what broke first, or null where nothing is broken. */
  readonly explain: () => Promise<string | null>;
}

/** How a drill went. */
export interface DrillReport extends Verdict {
  readonly fault: FaultName;
  readonly expected: Expected;
  /** RFC 3339, when the fault was injected. */
  readonly at: string;
  readonly moments: readonly Moment[];
  readonly explained: Explained;
}

/** What was said to have broken first when somebody was told. */
export interface Explained {
  readonly expected: string;
  readonly named: string | null;
}

const POLL_MS = 500;

/** Users come for so long before anything breaks: five minutes of rules in small time, and a little. */
const QUIET_SECONDS = 40;
const QUIET_WITHIN_SECONDS = 300;

/** A second page would come within so long after the first, or after the resolution. */
const NO_OTHER_SECONDS = 20;

/** What was told is over once the short window of a page has forgotten it: three minutes in small time. */
const RESOLVED_WITHIN_SECONDS = 420;

/** Rates of the first minutes after a drill would still read what was before it began. */
const FORGOTTEN_BEFORE_MS = 5 * 60_000;

/**
 * Breaks the platform, waits until somebody is told, takes the fault back, and waits until that is over.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, CATALOGUE_EMPTY, DRILL_PLATFORM_UNWELL, CANCELLED
 */
export async function runDrill(options: DrillOptions): Promise<DrillReport> {
  const { folders, injected } = options;
  const platform = await PlatformView.open(folders);
  const pager = new Pager(platform);
  await using held = new AsyncDisposableStack();
  const store = held.use(new MetricsStore(platform));
  held.use(await traffic(folders, platform));
  const beganMs = Date.now();
  const smallTime = await smallTimeSteps(platform, options.rules);
  try {
    await injected.apply(smallTime);
    await waitForQuiet(options, store, beganMs);
    return await new Drill(options, platform, pager, store).run();
  } finally {
    await injected.takeBack();
    await store.forget(beganMs - FORGOTTEN_BEFORE_MS, Date.now());
  }
}

/** Until rules have been evaluated in small time, and nothing fires. */
async function waitForQuiet(
  { signal, onWait }: DrillOptions,
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

/** From the fault to its resolution. */
class Drill {
  readonly #options: DrillOptions;
  readonly #platform: PlatformView;
  readonly #pager: Pager;
  readonly #store: MetricsStore;
  readonly #moments: Moment[] = [];
  #injectedMs = 0;

  constructor(options: DrillOptions, platform: PlatformView, pager: Pager, store: MetricsStore) {
    this.#options = options;
    this.#platform = platform;
    this.#pager = pager;
    this.#store = store;
  }

  async run(): Promise<DrillReport> {
    const { name, fault, injected, signal } = this.#options;
    const steps = await fault.steps(this.#platform);
    this.#injectedMs = Date.now();
    await injected.apply(steps);
    this.#note('injected', fault.summary, this.#injectedMs);
    await this.#waitUntilTold();
    const explained = await this.#explain();
    await pause(signal, NO_OTHER_SECONDS * 1_000);
    await injected.takeBack(steps);
    this.#note('taken back', 'everything is as it was');
    await this.#waitUntilResolved();
    await pause(signal, NO_OTHER_SECONDS * 1_000);
    const verdict = verdictOf(fault.expected, await this.#told());
    const at = new Date(this.#injectedMs).toISOString();
    return {
      fault: name,
      expected: fault.expected,
      at,
      moments: this.#moments,
      explained,
      ...verdict,
    };
  }

  async #waitUntilTold(): Promise<void> {
    const { fault, signal, onWait } = this.#options;
    onWait(`${fault.expected.alert} about ${fault.expected.about} is waited for`);
    const deadline = this.#injectedMs + fault.toldWithinSeconds * 1_000;
    for (let seen = false; Date.now() < deadline;) {
      if (!seen) seen = await this.#noteSeen();
      const told = (await this.#told()).find((one) => isExpected(fault.expected, one));
      if (told !== undefined) {
        this.#note('told', `${told.severity ?? 'message'}: ${told.summary}`, told.at);
        return;
      }
      await pause(signal);
    }
  }

  /** Whether it is right is reported, and no part of the outcome. */
  async #explain(): Promise<Explained> {
    const { fault, explain } = this.#options;
    const named = await explain();
    const expected = fault.brokeFirst;
    const verdict = named === expected ? '' : `, which is wrong: it was ${expected}`;
    this.#note('explained', `${named ?? 'nothing'} broke first${verdict}`);
    return { expected, named };
  }

  /** By which alert it is seen first, whether or not it is the one that is expected. */
  async #noteSeen(): Promise<boolean> {
    const [first] = await this.#store.firing();
    if (first !== undefined) this.#note('seen', `${first.alert} about ${first.about}`);
    return first !== undefined;
  }

  async #waitUntilResolved(): Promise<void> {
    const { signal, onWait } = this.#options;
    onWait('the resolution is waited for');
    const deadline = Date.now() + RESOLVED_WITHIN_SECONDS * 1_000;
    while (Date.now() < deadline) {
      const told = await this.#told();
      if (told.every(({ resolvedAt }) => resolvedAt !== undefined)) {
        const last = Math.max(...told.map(({ resolvedAt = 0 }) => resolvedAt));
        if (told.length > 0) this.#note('resolved', 'nothing is wrong any more', last);
        return;
      }
      await pause(signal);
    }
  }

  #told(): Promise<readonly Told[]> {
    return this.#pager.toldSince(this.#injectedMs);
  }

  #note(what: Moment['what'], detail: string, atMs: number = Date.now()): void {
    const afterSeconds = Math.max(0, Math.round((atMs - this.#injectedMs) / 100) / 10);
    const moment: Moment = { what, afterSeconds, detail };
    this.#moments.push(moment);
    this.#options.onMoment(moment);
  }
}

/** @throws {CodedError} CANCELLED */
async function pause(signal: AbortSignal, milliseconds: number = POLL_MS): Promise<void> {
  try {
    await delay(milliseconds, undefined, { signal });
  } catch (cause) {
    if (!signal.aborted) throw cause;
    throw new CodedError('CANCELLED', 'The drill was ended early; what it broke is taken back', {
      cause,
    });
  }
}
