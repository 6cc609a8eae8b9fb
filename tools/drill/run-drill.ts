import type { Expected, Fault, FaultName } from './fault.ts';
import { inSmallTime, pause } from './in-small-time.ts';
import type { Ground, SmallTimeOptions } from './in-small-time.ts';
import type { MetricsStore } from './metrics-store.ts';
import type { Moment } from './moments.ts';
import type { Pager, Told } from './pager.ts';
import type { PlatformView } from './platform-view.ts';
import { isExpected, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** What a drill needs. */
export interface DrillOptions extends SmallTimeOptions {
  readonly name: FaultName;
  readonly fault: Fault;
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

/** A second page would come within so long after the first, or after the resolution. */
const NO_OTHER_SECONDS = 20;

/** What was told is over once the short window of a page has forgotten it: three minutes in small time. */
const RESOLVED_WITHIN_SECONDS = 420;

/**
 * Breaks the platform, waits until somebody is told, takes the fault back, and waits until that is over.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, TELEMETRY_ABSENT, CATALOGUE_EMPTY, DRILL_PLATFORM_UNWELL, CANCELLED
 */
export function runDrill(options: DrillOptions): Promise<DrillReport> {
  return inSmallTime(options, (ground) => new Drill(options, ground).run());
}

/** From the fault to its resolution. */
class Drill {
  readonly #options: DrillOptions;
  readonly #platform: PlatformView;
  readonly #pager: Pager;
  readonly #store: MetricsStore;
  readonly #moments: Moment[] = [];
  #injectedMs = 0;

  constructor(options: DrillOptions, { view, pager, store }: Ground) {
    this.#options = options;
    this.#platform = view;
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
