import type { Folders } from '@meridian/provider-local/folders.ts';
import { FAULTS } from '../../../tools/drill/faults.ts';
import type { FaultName } from '../../../tools/drill/fault.ts';
import { Injected } from '../../../tools/drill/injected.ts';
import { Pager } from '../../../tools/drill/pager.ts';
import type { Told } from '../../../tools/drill/pager.ts';
import { PlatformView } from '../../../tools/drill/platform-view.ts';
import { smallTimeSteps } from '../../../tools/drill/small-time-steps.ts';
import { isExpected } from '../../../tools/drill/verdict.ts';
import { rulesInSmallTime } from '../../../tools/meridian/commands/drill.ts';
import { eventually } from '../platform-under-test.ts';

/**
 * The first half of a drill: injects a fault in small time, and gives all that the pager was told of it by the time it
 * was told at all. Everything is taken back.
 */
export async function toldOf(
  name: FaultName,
  folders: Folders,
  timeoutMs: number,
): Promise<readonly Told[]> {
  const { expected, steps } = FAULTS[name];
  const view = await PlatformView.open(folders);
  const pager = new Pager(view);
  const injected = await Injected.open(folders);
  const rules = await rulesInSmallTime(folders);
  const beganMs = Date.now();
  try {
    await injected.apply([...(await smallTimeSteps(view, rules)), ...(await steps(view))]);
    return await eventually(
      async () => (await pager.toldSince(beganMs)).filter((told) => isExpected(expected, told)),
      (told) => told.length > 0,
      timeoutMs,
    );
  } finally {
    await injected.takeBack();
  }
}
