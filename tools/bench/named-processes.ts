import { allPids, parentOf } from '@meridian/provider-local/machine/process-table.ts';
import { serviceOf } from '../meridian/health.ts';
import type { KnownZone } from '../meridian/zones.ts';

/** One process of the platform with all that it has started. */
export interface NamedProcess {
  /** The service or engine that it is, or 'zone agent'. */
  readonly name: string;
  readonly pids: readonly number[];
}

/** Everything that the agents run, and the agents, as it is now. */
export function namedProcesses(zones: readonly KnownZone[]): readonly NamedProcess[] {
  const children = Map.groupBy(allPids(), (pid) => parentOf(pid));
  return zones.flatMap(({ zone, status }) => {
    if (status === undefined) return [];
    const members = status.processes.flatMap(({ name, pid }) =>
      pid === undefined ? [] : [{ name: serviceOf(name, zone), pids: family(pid, children) }],
    );
    return [{ name: 'zone agent', pids: [status.pid] }, ...members];
  });
}

function family(
  pid: number,
  children: ReadonlyMap<number | undefined, readonly number[]>,
): readonly number[] {
  return [pid, ...(children.get(pid) ?? []).flatMap((child) => family(child, children))];
}
