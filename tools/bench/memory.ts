import { readFileSync, readdirSync } from 'node:fs';
import { serviceOf } from '../meridian/health.ts';
import type { KnownZone } from '../meridian/zones.ts';

/** Memory of a kind of process, children included. */
export interface Memory {
  readonly name: string;
  readonly processes: number;
  /** Proportional set size: pages that processes share are split between them (proc(5)). */
  readonly pssMiB: number;
}

/** Sums the memory of everything that the agents run, and of the agents, by name. */
export function measureMemory(zones: readonly KnownZone[]): readonly Memory[] {
  const children = childrenByParent();
  const found = zones.flatMap(({ zone, status }) => {
    if (status === undefined) return [];
    const members = status.processes.flatMap(({ name, pid }) =>
      pid === undefined ? [] : [{ name: serviceOf(name, zone), pids: family(pid, children) }],
    );
    return [{ name: 'zone agent', pids: [status.pid] }, ...members];
  });
  return [...Map.groupBy(found, ({ name }) => name).entries()].map(([name, group]) => ({
    name,
    processes: group.length,
    pssMiB: group.flatMap(({ pids }) => pids).reduce((sum, pid) => sum + pssMiB(pid), 0),
  }));
}

function pssMiB(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1] ?? Number.NaN) / 1024;
}

function childrenByParent(): ReadonlyMap<number, readonly number[]> {
  const pairs = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
        return [{ pid: Number(name), parent }];
      } catch (error) {
        // It has ended meanwhile.
        if (error instanceof Error && 'code' in error) return [];
        throw error;
      }
    });
  const grouped = Map.groupBy(pairs, ({ parent }) => parent);
  return new Map([...grouped].map(([parent, group]) => [parent, group.map(({ pid }) => pid)]));
}

function family(pid: number, children: ReadonlyMap<number, readonly number[]>): readonly number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => family(child, children))];
}
