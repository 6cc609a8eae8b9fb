import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { INJECTIONS } from '../end-to-end/injection.ts';
import { expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { expectTrust } from '../end-to-end/under-injection.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;

/** Every process that a request depends on is killed and stopped while merchants write and others read. */
describe('a platform on which processes break', () => {
  let platform: PlatformUnderTest;
  let password: string;

  beforeAll(async () => {
    platform = await startPlatform();
    expectSuccess(await platform.run(['account', '--role', 'merchant']));
    password = readFileSync(path.join(platform.state, 'credentials/merchant'), 'utf8');
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each(INJECTIONS)(
    'keeps what it acknowledged, and answers with a success or when to come again: $name',
    async (injection) => {
      expect.hasAssertions();
      await expectTrust(platform, password, [injection]);
    },
    8 * minutes,
  );
});
