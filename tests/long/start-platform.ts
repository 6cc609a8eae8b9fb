import { offerWare } from '../end-to-end/marked-person.ts';
import { expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { expectSoundBooks, expectWholeTrail } from '../end-to-end/sound-books.ts';
import { PlatformStores } from '../end-to-end/telemetry/platform-stores.ts';

const ATTEMPTS = 4;
/** More than any campaign buys. */
const STOCK = 10_000;

/**
 * A running platform for a campaign. A start for which a busy machine was too slow is repeated, and goes on
 * where it was; whether the first one succeeds is what the stories of `npm test` show.
 *
 * @param settings what `up` is given beside the ports
 */
export async function startPlatform(settings: readonly string[] = []): Promise<PlatformUnderTest> {
  const platform = await PlatformUnderTest.create();
  for (let attempt = 1; ; attempt += 1) {
    const outcome = await platform.run(['up', ...platform.ports, ...settings]);
    const tooSlow = /\bPROCESS_NOT_READY\b/.test(outcome.stdout + outcome.stderr);
    if (outcome.code === 0) return platform;
    if (tooSlow && attempt < ATTEMPTS) continue;
    await platform.dispose();
    expectSuccess(outcome);
  }
}

/** A running platform with all that receives its telemetry. */
export interface WatchedPlatform {
  readonly platform: PlatformUnderTest;
  readonly stores: PlatformStores;
  /** Id of a product that is offered. */
  readonly product: string;
}

/** The same with telemetry, and with something to read and buy. */
export async function startWatchedPlatform(): Promise<WatchedPlatform> {
  const platform = await startPlatform(['-c', 'telemetry=true']);
  expectSuccess(
    await platform.run(['seed', '--products', '50', '--accounts', '1', '--orders', '1']),
  );
  const product = await offerWare(platform, 'ware', STOCK);
  return { platform, stores: new PlatformStores(platform), product };
}

/** Ends the platform of a campaign, whose goods and money add up whatever has happened to it. */
export async function endPlatform(platform: PlatformUnderTest): Promise<void> {
  try {
    await expectSoundBooks(platform);
    await expectWholeTrail(platform);
  } finally {
    await platform.run(['destroy', '--yes']);
    await platform.dispose();
  }
}
