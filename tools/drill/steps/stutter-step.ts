import { setTimeout as delay } from 'node:timers/promises';
import { signalProcess } from '@meridian/provider-local/machine/process-table.ts';
import type { StepKind } from './step-kind.ts';
import type { StutterStep } from './step.ts';

/** Stops processes and lets them go on, again and again, as long as whoever drills runs. */
export const stutterStep: StepKind<'stutter'> = {
  apply(step) {
    const stop = new AbortController();
    const going = stutter(step, stop.signal);
    return Promise.resolve({
      async [Symbol.asyncDispose]() {
        stop.abort();
        await going;
      },
    });
  },
  undo({ processes }) {
    for (const process of processes) signalProcess(process, 'SIGCONT');
    return Promise.resolve();
  },
};

async function stutter(
  { processes, stoppedMs, runningMs }: StutterStep,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    for (const process of processes) signalProcess(process, 'SIGSTOP');
    await pause(stoppedMs, signal);
    for (const process of processes) signalProcess(process, 'SIGCONT');
    await pause(runningMs, signal);
  }
}

/** Shorter if nobody needs it any more. */
async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
