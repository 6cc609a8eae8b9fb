import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { FAULT_NAMES } from '../../tools/drill/fault.ts';
import { FAULTS } from '../../tools/drill/faults.ts';
import { Injected } from '../../tools/drill/injected.ts';
import { inSmallTime } from '../../tools/drill/in-small-time.ts';
import { isExpected } from '../../tools/drill/verdict.ts';
import { rulesInSmallTime } from '../../tools/meridian/commands/drill.ts';
import { eventually, expectSuccess } from '../end-to-end/platform-under-test.ts';
import type { PlatformUnderTest } from '../end-to-end/platform-under-test.ts';
import { offerWare } from '../end-to-end/marked-person.ts';
import { endPlatform, startPlatform } from './start-platform.ts';

const minutes = 60_000;

/** None of them depends on another: a table, an index, a certificate. */
const UNRELATED = ['errors', 'search-behind', 'expiring-certificate'] as const;

describe('a platform that is broken on purpose', () => {
  let platform: PlatformUnderTest;

  beforeAll(async () => {
    platform = await startPlatform(['-c', 'telemetry=true']);
    expectSuccess(
      await platform.run(['seed', '--products', '200', '--accounts', '20', '--orders', '20']),
    );
  }, 15 * minutes);
  afterAll(() => endPlatform(platform), 15 * minutes);

  test.each(FAULT_NAMES)(
    'tells of %s once, with its runbook, and that it is over',
    async (fault) => {
      const { code, stdout, stderr } = await platform.run(['drill', fault]);
      expect({ code, said: `${stdout}${stderr}` }).toEqual({
        code: 0,
        said: expect.stringContaining('resolved once'),
      });
    },
    20 * minutes,
  );

  test(
    'tells of three unrelated faults at once as often as they are',
    async () => {
      const { folders } = platform;
      const faults = UNRELATED.map((name) => FAULTS[name]);
      const told = await inSmallTime(
        {
          ...{ folders, injected: await Injected.open(folders) },
          rules: await rulesInSmallTime(folders),
          ...{ signal: new AbortController().signal, onWait: () => undefined },
        },
        async ({ view, pager, injected }) => {
          const sinceMs = Date.now();
          const all = () => pager.toldSince(sinceMs);
          const steps = (
            await Promise.all(faults.map(async (fault) => await fault.steps(view)))
          ).flat();
          await injected.apply(steps);
          // No order changes a product while orders fail: a merchant does, and nobody finds it.
          await offerWare(platform, 'drilled');
          await eventually(
            all,
            (found) =>
              faults.every(({ expected }) => found.some((one) => isExpected(expected, one))),
            5 * minutes,
          );
          await injected.takeBack(steps);
          return await eventually(
            all,
            (found) => found.every(({ resolvedAt }) => resolvedAt !== undefined),
            10 * minutes,
          );
        },
      );
      expect(told.map(({ alert, about }) => `${alert} ${about}`).toSorted()).toEqual(
        faults.map(({ expected: { alert, about } }) => `${alert} ${about}`).toSorted(),
      );
    },
    25 * minutes,
  );
});
