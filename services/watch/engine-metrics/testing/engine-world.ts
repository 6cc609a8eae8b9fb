import { expect } from '@jest/globals';
import { eventually } from '@meridian/kit/testing/eventually.ts';
import { TestWorld } from '@meridian/kit/testing/world.ts';
import type { Way } from '@meridian/kit/testing/way.ts';
import type { Runtime } from '@meridian/kit/runtime.ts';
import { sharedAuthority } from '../../../../tests/engines/shared-engines.ts';
import type { EnginePoll } from '../engine-poll.ts';
import { engineSeries, polled, TIMEOUT_MS } from './polled-engine.ts';

/** An engine that does not answer is told of within its limit, and what it said before is not told any more. */
const LIMIT_MS = TIMEOUT_MS + 5_000;

/** On two busy cores. */
const TOLD_WITHIN_MS = 20_000;

/** Asks a real engine as the process does that watches engines. */
export class EngineWorld {
  readonly kit: TestWorld;
  #runtime: Runtime | undefined;
  #stops: readonly (() => Promise<void>)[] = [];

  private constructor(kit: TestWorld) {
    this.kit = kit;
  }

  static async create(): Promise<EngineWorld> {
    return new EngineWorld(await TestWorld.create(await sharedAuthority()));
  }

  /** Starts to ask, by what is put into the folder of a process; what was asked before is not any more. */
  async ask(
    prepare: (folder: string) => Promise<void>,
    ...polls: readonly ((runtime: Runtime) => EnginePoll)[]
  ): Promise<void> {
    await this.#stop();
    const folder = await this.kit.prepare('engine-metrics');
    await prepare(folder);
    const { runtime } = await this.kit.start(folder);
    this.#runtime = runtime;
    const made = polls.map((poll) => poll(runtime));
    for (const each of made) await this.#asksAndShowsNothing(each);
    this.#stops = made.map((each) => polled(runtime, each));
  }

  /** What is told of the engine now. */
  series(): Promise<readonly string[]> {
    return this.#runtime === undefined ? Promise.resolve([]) : engineSeries(this.#runtime);
  }

  /** Waits until all of that is told. */
  async told(...expected: readonly (string | RegExp)[]): Promise<void> {
    await eventually(async () => {
      const series = await this.series();
      for (const each of expected) {
        const wanted: unknown = typeof each === 'string' ? each : expect.stringMatching(each);
        expect(series).toContainEqual(wanted);
      }
    }, TOLD_WITHIN_MS);
  }

  /** Waits until that is told, and nothing else. */
  async toldAlone(...expected: readonly string[]): Promise<void> {
    await eventually(
      async () => expect([...(await this.series())].toSorted()).toEqual(expected.toSorted()),
      LIMIT_MS,
    );
  }

  /** Has an engine hang, come back, go, and come back once more. */
  async trouble(way: Way, up: (value: 0 | 1) => string): Promise<void> {
    way.hang(true);
    await this.toldAlone(up(0));
    way.hang(false);
    await this.told(up(1));
    await way.close();
    await this.toldAlone(up(0));
    await way.open();
    await this.told(up(1));
  }

  async close(): Promise<void> {
    await this.#stop();
    await this.kit.close();
  }

  /** An answer that comes too late is never shown, so none shows itself. */
  async #asksAndShowsNothing(poll: EnginePoll): Promise<void> {
    poll.forget();
    const before = await this.series();
    await eventually(() => poll.ask(), TOLD_WITHIN_MS);
    expect(await this.series()).toEqual(before);
  }

  async #stop(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
    this.#stops = [];
  }
}
