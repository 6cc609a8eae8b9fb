import { expectSuccess, PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { expectSoundBooks, expectWholeTrail } from '../end-to-end/sound-books.ts';

const ATTEMPTS = 4;

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
