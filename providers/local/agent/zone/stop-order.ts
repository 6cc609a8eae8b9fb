import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessSpec } from '../../process-spec.ts';

/** How long the kernel may take to end what was killed; a process that waits for a disk does not end. */
const KILL_MS = 10_000;

interface Stoppable {
  readonly spec: Pick<ProcessSpec, 'name' | 'stop' | 'data'>;
}

/**
 * Stops processes side by side, so that one that hangs costs the others nothing; but those that keep
 * data after all others, which drain while their database is there. Takes no longer than the longest
 * grace of each of the two groups and the time to kill it.
 */
export async function stopInOrder<T extends Stoppable>(
  members: readonly T[],
  stop: (member: T) => Promise<void>,
): Promise<void> {
  for (const keepsData of [false, true]) {
    await stopTogether(
      members.filter(({ spec }) => spec.data === keepsData),
      stop,
    );
  }
}

async function stopTogether<T extends Stoppable>(
  members: readonly T[],
  stop: (member: T) => Promise<void>,
): Promise<void> {
  const left = new Set(members.map(({ spec }) => spec.name));
  const graceMs = 1000 * Math.max(0, ...members.map(({ spec }) => spec.stop.graceSeconds));
  const timer = new AbortController();
  const all = Promise.all(
    members.map(async (member) => {
      await stop(member);
      left.delete(member.spec.name);
    }),
  );
  const bound = delay(graceMs + KILL_MS, undefined, { signal: timer.signal }).then(
    () => console.error(`still there after they were killed: ${[...left].join(', ')}`),
    () => undefined,
  );
  try {
    await Promise.race([all, bound]);
  } finally {
    timer.abort();
  }
}
