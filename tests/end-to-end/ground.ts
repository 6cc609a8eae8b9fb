import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { summarise } from '../../tools/meridian/health.ts';
import { zoneStatuses } from '../../tools/meridian/zones.ts';
import { expectSuccess } from './platform-under-test.ts';
import type { Outcome, PlatformUnderTest } from './platform-under-test.ts';
import { up } from './up-result.ts';
import type { UpResult } from './up-result.ts';

/** How long a process that a story has ended may take to be back. */
const HEALED_WITHIN_MS = 60_000;

/** What happened as the platform was started and filled. */
export interface Beginning {
  readonly start: UpResult;
  /** A benchmark before there was anything to read. */
  readonly emptyBench: Outcome;
  readonly seed: Outcome;
  readonly merchant: Outcome;
}

/** What all stories stand on: the platform, up, with products to read and a merchant who may write. */
export class Ground {
  readonly platform: PlatformUnderTest;
  #beginning: Beginning | undefined;
  /** The story that has the platform, or had it last. */
  #teller = 'the start';

  constructor(platform: PlatformUnderTest) {
    this.platform = platform;
  }

  get beginning(): Beginning {
    if (this.#beginning !== undefined) return this.#beginning;
    throw new Error('The platform was not started, so no story is told');
  }

  /** The first merchant's. */
  get password(): string {
    return readFileSync(path.join(this.platform.state, 'credentials/merchant'), 'utf8');
  }

  async lay(): Promise<void> {
    const { platform } = this;
    const start = await up(platform, ...platform.ports);
    const emptyBench = await platform.run(['bench']);
    const [seed, merchant] = await Promise.all([
      platform.run(['seed', '--products', '500', '--accounts', '5', '--orders', '30']),
      platform.run(['account', '--role', 'merchant']),
    ]);
    expectSuccess(seed);
    expectSuccess(merchant);
    this.#beginning = { start, emptyBench, seed, merchant };
  }

  /**
   * Hands the platform to the next story. One that a story has left broken is started again, and said
   * to be so. Throws Error with the name of that story where this does not help.
   */
  async handTo(title: string): Promise<void> {
    const before = this.#teller;
    this.#teller = title;
    if (this.#beginning === undefined) throw new Error(`'${title}' is not told: no platform`);
    const broken = await this.brokenParts();
    if (broken.length === 0) return;
    const left = `'${before}' left the platform broken (${broken.join(', ')})`;
    process.stderr.write(`${left}; it is started again for '${title}'\n`);
    const { code, stdout, stderr } = await this.platform.run(['up']);
    const still = await this.brokenParts();
    if (code === 0 && still.length === 0) return;
    this.#teller = before;
    throw new Error(
      `'${title}' is not told: ${left}, and a start did not help:\n${stdout}${stderr}`,
    );
  }

  /** Everything that is not ready, once what heals by itself has had the time to. */
  async brokenParts(): Promise<readonly string[]> {
    const deadline = Date.now() + HEALED_WITHIN_MS;
    for (;;) {
      const rows = summarise(await zoneStatuses(this.platform.folders));
      const broken = rows.filter(({ health }) => health !== 'ready');
      if (rows.length === 0) return ['there is none'];
      // Nobody but a start brings an agent back.
      const heals = broken.every(({ health }) => health !== 'agent does not answer');
      if (broken.length === 0 || !heals || Date.now() > deadline) {
        return broken.map(({ zone, service, health }) => `${service} in zone ${zone}: ${health}`);
      }
      await delay(100);
    }
  }
}
