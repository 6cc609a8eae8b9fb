import { landed } from '@meridian/components/model/landed.ts';
import { localRules } from '@meridian/components/observability/local/prometheus.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { platform } from '../../../infra/platform-graph.ts';
import { localSettings } from '../../../stacks/local.ts';
import { FAULTS } from '../../../tools/drill/faults.ts';
import type { FaultName } from '../../../tools/drill/fault.ts';
import { Injected } from '../../../tools/drill/injected.ts';
import { Pager } from '../../../tools/drill/pager.ts';
import type { Told } from '../../../tools/drill/pager.ts';
import { PlatformView } from '../../../tools/drill/platform-view.ts';
import { SMALL_TIME } from '../../../tools/drill/small-time.ts';
import { smallTimeSteps } from '../../../tools/drill/small-time-steps.ts';
import { isExpected } from '../../../tools/drill/verdict.ts';
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
  const settings = localSettings({});
  const rules = localRules({ graph: landed(platform(settings)), settings }, SMALL_TIME);
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
