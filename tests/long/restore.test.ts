import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { offerWare } from '../end-to-end/marked-person.ts';
import { eventually, expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { CONFIRMED, Shopper } from '../end-to-end/shopper.ts';
import { expectSoundBooks, expectWholeTrail } from '../end-to-end/sound-books.ts';
import { startPlatform } from './start-platform.ts';

const minutes = 60_000;
const ARCHIVING = ['-c', 'postgresArchive=true'];

/** What `meridian restore --json` tells. */
interface Restored {
  readonly lastTransaction: string;
  readonly timeline: number;
  readonly seconds: number;
  readonly kept?: string;
}

/** One story: each test goes on from where the one before it ended. */
describe('a platform whose PostgreSQL archives its log', () => {
  let platform: PlatformUnderTest;
  let product: string;
  /** A moment between two purchases. */
  let between: string;

  beforeAll(async () => {
    platform = await startPlatform(ARCHIVING);
    product = await offerWare(platform, 'ware', 100);
  }, 10 * minutes);

  afterAll(async () => {
    await platform.run(['destroy', '--yes']);
    await platform.dispose();
  }, 2 * minutes);

  const buy = async (who: string): Promise<string> => {
    const shopper = await Shopper.register(platform, who);
    const order = await shopper.order([{ productId: product, quantity: 1 }]);
    await shopper.follow(order, CONFIRMED);
    return order.orderId;
  };
  const start = async (): Promise<void> =>
    expectSuccess(await platform.run(['up', ...platform.ports, ...ARCHIVING]));
  const restore = async (...args: readonly string[]): Promise<Restored> => {
    expectSuccess(await platform.run(['stop']));
    const told = await platform.run(['restore', '--json', ...args]);
    expectSuccess(told);
    process.stdout.write(`restore ${args.join(' ')}: ${told.stdout}`);
    return JSON.parse(told.stdout) as Restored;
  };
  const isThere = async (order: string): Promise<boolean> =>
    (await platform.run(['order', order, '--json'])).code === 0;
  const successor = async (...args: readonly string[]): Promise<string> => {
    const told = await platform.run(['audit', 'successor', ...args]);
    expectSuccess(told);
    return told.stdout;
  };
  const orders: string[] = [];

  test(
    'is copied while it runs, and refuses to be restored then',
    async () => {
      orders.push(await buy('first'));
      expectSuccess(await platform.run(['backup', '--json']));
      orders.push(await buy('second'));
      const refused = await platform.run(['restore']);
      expect([refused.code, refused.stderr]).toEqual([
        1,
        expect.stringContaining('RESTORE_PLATFORM_RUNS'),
      ]);
    },
    4 * minutes,
  );

  test(
    'comes back to the last purchase, and the trail goes on',
    async () => {
      await expectSoundBooks(platform);
      between = new Date().toISOString();
      orders.push(await buy('third'));
      await expectSoundBooks(platform);
      const restored = await restore();
      expect(restored).toMatchObject({ timeline: 2, kept: expect.stringContaining('before-') });
      expect(Date.parse(restored.lastTransaction)).toBeGreaterThan(Date.parse(between));
      await start();
      for (const order of orders) expect([order, await isThere(order)]).toEqual([order, true]);
      await expectSoundBooks(platform);
      await expectWholeTrail(platform);
    },
    8 * minutes,
  );

  test(
    'has what the archive has where the folder of its data is gone',
    async () => {
      expectSuccess(await platform.run(['stop']));
      rmSync(path.join(platform.folders.data, 'a/postgres'), { recursive: true });
      const restored = await restore();
      expect(restored).toMatchObject({ timeline: 3 });
      expect(restored).not.toHaveProperty('kept');
      await start();
      for (const order of orders) expect([order, await isThere(order)]).toEqual([order, true]);
      await expectWholeTrail(platform);
    },
    8 * minutes,
  );

  test(
    'stops its audit log after a restore to an earlier moment, and says how to go on',
    async () => {
      const restored = await restore('--to', between);
      expect(Date.parse(restored.lastTransaction)).toBeLessThan(Date.parse(between));
      expectSuccess(await platform.run(['refresh']));
      await start();
      expect(await isThere(orders[1] ?? '')).toBe(true);
      const looked = await eventually(
        () => successor(),
        (text) => text.includes('has stopped'),
      );
      expect(looked).toMatch(
        /has stopped: (\d+) entries of log \S+ are published, and the database has \d+/,
      );
      expectSuccess(await platform.run(['search', 'rebuild']));
      expect(await successor('--yes')).toContain('begins with its last head');
      expectSuccess(await platform.run(['stop']));
      await start();
      expect(await buy('fourth')).toEqual(expect.any(String));
      // What was told of the moments that are gone came in from Kafka, under versions that were given out again since.
      const verified = await platform.run(['audit', 'verify']);
      expect(verified.stdout).toContain('Everything is as it was published.');
    },
    10 * minutes,
  );
});
