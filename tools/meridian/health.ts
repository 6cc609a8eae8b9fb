import { isDeveloped } from '../dev/developed-revision.ts';
import type { ProcessStatus } from '@meridian/provider-local/agent-client.ts';
import { table } from './table.ts';
import type { KnownZone } from './zones.ts';

/** What runs in one zone under one name, as the table and `--json` show it. */
export interface ServiceHealth {
  readonly zone: string;
  readonly service: string;
  readonly ready: number;
  readonly replicas: number;
  /** Of the replicas, those of edited code that stand in for the program's (ADR 47). */
  readonly edited: number;
  /** 'ready', or the worst state that a replica is in. */
  readonly health: string;
  readonly addresses: readonly string[];
  /** Starts that nobody asked for, since the agent began. */
  readonly restarts: number;
}

/** A replica's process is named `<service>-<zone>-<ordinal>`; an engine's after itself. */
export function serviceOf(name: string, zone: string): string {
  const suffix = new RegExp(`-${zone}-\\d+$`);
  return name.replace(suffix, '');
}

/** Sums up the agents' answers by zone and service; a zone without an agent is one row. */
export function summarise(zones: readonly KnownZone[]): readonly ServiceHealth[] {
  return zones.flatMap(({ zone, status }): ServiceHealth[] => {
    if (status === undefined) {
      return [
        {
          zone,
          service: '(whole zone)',
          ready: 0,
          replicas: 0,
          edited: 0,
          health: 'agent does not answer',
          addresses: [],
          restarts: 0,
        },
      ];
    }
    const running = status.processes.filter(({ runs }) => runs === 'always');
    const services = Map.groupBy(running, ({ name }) => serviceOf(name, zone));
    return [...services.entries()]
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([service, processes]) => summariseService(zone, service, processes));
  });
}

function summariseService(
  zone: string,
  service: string,
  processes: readonly ProcessStatus[],
): ServiceHealth {
  const sick = processes.filter(({ state }) => state !== 'ready');
  return {
    zone,
    service,
    ready: processes.length - sick.length,
    replicas: processes.length,
    edited: processes.filter(isDeveloped).length,
    health: sick[0]?.state ?? 'ready',
    addresses: processes.flatMap(({ listens }) => {
      const first = listens[0];
      return first === undefined ? [] : [`${first.address}:${first.port}`];
    }),
    restarts: processes.reduce((sum, { restarts }) => sum + restarts, 0),
  };
}

/** Whether every replica of every zone is ready, and there is something at all. */
export function isHealthy(health: readonly ServiceHealth[]): boolean {
  return health.length > 0 && health.every(({ health: state }) => state === 'ready');
}

/** The table that `npm start` ends with and `npm run status` prints. */
export function healthTable(health: readonly ServiceHealth[]): string {
  return table(
    ['ZONE', 'SERVICE', 'REPLICAS', 'HEALTH', 'ADDRESS', 'RESTARTS'],
    health.map((row) => [
      row.zone,
      row.service,
      row.replicas === 0 ? '-' : `${row.ready}/${row.replicas}`,
      row.edited === 0 ? row.health : `${row.health}, edited`,
      row.addresses.join(' '),
      String(row.restarts),
    ]),
  );
}
