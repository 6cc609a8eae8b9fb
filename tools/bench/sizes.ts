import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { serviceOf } from '../meridian/health.ts';
import { meteredProcesses, processMetrics } from '../meridian/process-metrics.ts';
import type { KnownZone } from '../meridian/zones.ts';

/** What a service has taken since its replicas were started: the most that any of them took. */
export interface ServiceSize {
  /** Of the resident set, by the kernel's own mark: code, heap, and what is outside of the heap (proc(5), VmHWM). */
  readonly peakMiB: number;
  /** Of V8's heap, as it was in use when this was measured. */
  readonly heapMiB: number;
  /** Of one processor, start and background work included; absent where too few calls were served to share that. */
  readonly cpuMsPerCall?: number;
}

/** Sizes of all services, and on what they were measured. */
export interface ServiceSizes {
  /** RFC 3339. */
  readonly measuredAt: string;
  readonly processor: string;
  readonly services: Readonly<Record<string, ServiceSize>>;
}

/** What one replica says of itself. */
interface ReplicaSize {
  readonly name: string;
  readonly peakMiB: number;
  readonly heapMiB: number;
  readonly cpuMs: number;
  readonly calls: number;
}

/**
 * Sizes of the named services, from replicas that have been at work under a heap without a limit of its own: `npm run seed` and `npm run shop` before it.
 *
 * @throws {CodedError} ROOT_MISSING
 */
export async function measureSizes(
  folders: Folders,
  zones: readonly KnownZone[],
  services: readonly string[],
): Promise<ServiceSizes> {
  const pids = new Map(
    zones.flatMap(({ zone, status }) =>
      (status?.processes ?? []).map(({ name, pid }) => [`${zone}/${name}`, pid] as const),
    ),
  );
  const replicas: ReplicaSize[] = [];
  for (const metered of meteredProcesses(zones)) {
    const { zone, name } = metered;
    const pid = pids.get(`${zone}/${name}`);
    const service = serviceOf(name, zone);
    if (pid === undefined || !services.includes(service)) continue;
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    replicas.push(replicaSize(service, status, await processMetrics(folders, metered)));
  }
  return {
    measuredAt: new Date().toISOString(),
    processor: `${availableParallelism()} × ${cpus()[0]?.model ?? 'unknown'}`,
    services: sizesOf(replicas),
  };
}

/** Fewer would pay for the start of a replica. */
const CALLS_MIN = 100;

const KIB_PER_MIB = 1_024;
const BYTES_PER_MIB = 1_048_576;

/** Reads a replica's /proc/<pid>/status and its metrics in the text format of Prometheus. */
export function replicaSize(name: string, status: string, metrics: string): ReplicaSize {
  const sum = (metric: string): number =>
    [...metrics.matchAll(new RegExp(`^${metric}(?:\\{.*\\})? (\\S+)$`, 'gm'))].reduce(
      (total, [, value]) => total + Number(value),
      0,
    );
  return {
    name,
    peakMiB: Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? Number.NaN) / KIB_PER_MIB,
    heapMiB: sum('nodejs_heap_size_used_bytes') / BYTES_PER_MIB,
    cpuMs: sum('process_cpu_seconds_total') * 1e3,
    calls:
      sum('rpc_server_call_duration_seconds_count') +
      sum('http_server_request_duration_seconds_count'),
  };
}

/** By service; memory as whole MiB. */
export function sizesOf(replicas: readonly ReplicaSize[]): ServiceSizes['services'] {
  const byName = [...Map.groupBy(replicas, ({ name }) => name)].sort(([one], [other]) =>
    one < other ? -1 : 1,
  );
  return Object.fromEntries(
    byName.map(([name, group]) => {
      const most = (of: (replica: ReplicaSize) => number): number =>
        Math.ceil(Math.max(...group.map(of)));
      const total = (of: (replica: ReplicaSize) => number): number =>
        group.reduce((all, replica) => all + of(replica), 0);
      const calls = total((replica) => replica.calls);
      const cpuMsPerCall = Math.round((10 * total(({ cpuMs }) => cpuMs)) / calls) / 10;
      return [
        name,
        {
          peakMiB: most(({ peakMiB }) => peakMiB),
          heapMiB: most(({ heapMiB }) => heapMiB),
          ...(calls < CALLS_MIN ? {} : { cpuMsPerCall }),
        },
      ];
    }),
  );
}
