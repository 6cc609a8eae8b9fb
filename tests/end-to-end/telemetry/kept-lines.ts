import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { PlatformStores } from './platform-stores.ts';

/** The processes of which the store of logs has another number of lines than they have written, in words. */
export async function differentLines(
  state: string,
  stores: PlatformStores,
): Promise<readonly string[]> {
  const written = linesInFiles(state);
  const stored = await linesInStore(stores);
  return [...written]
    .filter(([instance, lines]) => lines !== (stored.get(instance) ?? 0))
    .map(([instance, lines]) => `${instance}: ${lines} written, ${stored.get(instance) ?? 0} kept`);
}

/** How many lines each process of the platform has written into the files of its agent. */
function linesInFiles(state: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const file of globSync(`${state}/zones/{a,b,c,edge}/logs/*.log{,.1}`)) {
    const instance = path.basename(file).replace(/\.log(\.1)?$/, '');
    const lines = readFileSync(file, 'utf8').split('\n').length - 1;
    counts.set(instance, (counts.get(instance) ?? 0) + lines);
  }
  return counts;
}

async function linesInStore(stores: PlatformStores): Promise<ReadonlyMap<string, number>> {
  const counts = await stores.lines('* | stats by (instance) count() as lines');
  return new Map(counts.map(({ instance = '', lines }) => [instance, Number(lines)]));
}
