import { PlatformError } from '@meridian/components/model/platform-error.ts';
import { measureMemory } from '../../bench/memory.ts';
import { measureReadPath } from '../../bench/read-path.ts';
import { localFolders } from '../places.ts';
import { table } from '../table.ts';
import { zoneStatuses } from '../zones.ts';

/** Options of `npm run bench`. */
export interface BenchOptions {
  /** Reads to measure. */
  readonly requests: number;
}

/**
 * Measures the running platform: memory by name, and the read path as a ratio against a floor of the
 * same run, since milliseconds of a shared machine say little.
 */
export async function bench(options: BenchOptions): Promise<number> {
  const folders = localFolders();
  const zones = await zoneStatuses(folders);
  const edge = zones
    .flatMap(({ status }) => status?.processes ?? [])
    .find(({ name }) => name === 'envoy')?.listens[0];
  if (edge === undefined) {
    throw new PlatformError(
      'PLATFORM_NOT_RUNNING',
      "Benchmark: needs the running platform with products in it; 'npm start' and 'npm run seed' first.",
    );
  }
  const memory = measureMemory(zones);
  const total = memory.reduce((sum, { pssMiB }) => sum + pssMiB, 0);
  const rows = [...memory, { name: 'total', processes: 0, pssMiB: total }].map((row) => [
    row.name,
    row.processes === 0 ? '' : String(row.processes),
    row.pssMiB.toFixed(0),
  ]);
  process.stdout.write(`${table(['MEMORY OF', 'PROCESSES', 'PSS MiB'], rows)}\n\n`);
  const url = `https://localhost:${edge.port}`;
  const { read, floor, requests } = await measureReadPath(url, folders, options.requests);
  const line = (of: 'p50' | 'p95'): readonly string[] => [
    of,
    read[of].toFixed(2),
    floor[of].toFixed(2),
    (read[of] / floor[of]).toFixed(1),
  ];
  const header = [`${requests} READS`, 'WHOLE PATH ms', 'FLOOR ms', 'RATIO'];
  process.stdout.write(`${table(header, [line('p50'), line('p95')])}\n`);
  return 0;
}
