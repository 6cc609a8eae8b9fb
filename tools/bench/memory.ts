import { readFileSync } from 'node:fs';
import type { KnownZone } from '../meridian/zones.ts';
import { namedProcesses } from './named-processes.ts';

/** Memory of a kind of process, children included. */
export interface Memory {
  readonly name: string;
  readonly processes: number;
  /** Proportional set size: pages that processes share are split between them (proc(5)). */
  readonly pssMiB: number;
}

/** Sums the memory of everything that the agents run, and of the agents, by name. */
export function measureMemory(zones: readonly KnownZone[]): readonly Memory[] {
  const byName = Map.groupBy(namedProcesses(zones), ({ name }) => name);
  return [...byName.entries()].map(([name, group]) => ({
    name,
    processes: group.length,
    pssMiB: group.flatMap(({ pids }) => pids).reduce((sum, pid) => sum + pssMiB(pid), 0),
  }));
}

function pssMiB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}
