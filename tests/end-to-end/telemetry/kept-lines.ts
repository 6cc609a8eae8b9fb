import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../platform-under-test.ts';
import type { PlatformStores } from './platform-stores.ts';

/** Waits until the store of logs has every line that has been written by now, and none twice. */
export async function untilLinesAreKept(
  state: string,
  stores: PlatformStores,
  timeoutMs: number,
): Promise<void> {
  const written = writtenLines(state);
  await eventually(
    () => differentLines(written, state, stores),
    (found) => found.length === 0,
    timeoutMs,
  );
}

/** How many lines each process has, by its name. */
type LineCounts = ReadonlyMap<string, number>;

/**
 * The processes of which the store of logs has fewer lines than they had written at a moment, or more than they have written
 * by now, in words: processes write on meanwhile.
 */
async function differentLines(
  written: LineCounts,
  state: string,
  stores: PlatformStores,
): Promise<readonly string[]> {
  const stored = await linesInStore(stores);
  const now = writtenLines(state);
  return [...written]
    .map(([instance, least]) => {
      const [kept, most] = [stored.get(instance) ?? 0, now.get(instance) ?? least];
      return { instance, least, kept, most };
    })
    .filter(({ least, kept, most }) => kept < least || kept > most)
    .map(
      ({ instance, least, kept, most }) => `${instance}: ${least} to ${most} written, ${kept} kept`,
    );
}

/** How many lines each process of the platform has written into the files of its agent; the collector passes over blank ones. */
function writtenLines(state: string): LineCounts {
  const counts = new Map<string, number>();
  for (const file of globSync(`${state}/zones/{a,b,c,edge}/logs/*.log{,.1}`)) {
    const instance = path.basename(file).replace(/\.log(\.1)?$/, '');
    const lines = readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '').length;
    counts.set(instance, (counts.get(instance) ?? 0) + lines);
  }
  return counts;
}

async function linesInStore(stores: PlatformStores): Promise<LineCounts> {
  const counts = await stores.lines('* | stats by (instance) count() as lines');
  return new Map(counts.map(({ instance = '', lines }) => [instance, Number(lines)]));
}
