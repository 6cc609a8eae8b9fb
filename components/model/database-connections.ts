import type { PlatformGraph, ServiceNode } from './graph.ts';
import { RELEASES } from './sizing.ts';
import { isDatabase } from './store.ts';
import type { Store } from './store.ts';

/**
 * Connections that PostgreSQL admits at once, on every landing: what its processes and their memory are
 * sized for. Pools, limits of roles and `max_connections` all follow from it, so that a service at its
 * largest, and during a release, is never refused a connection. The seven services need 800 of them, and the
 * operating ones 40; the rest is room for services to come, too little for anybody's pool to grow by one.
 */
export const SERVER_CONNECTIONS = 1_000;

/**
 * Those of them that no service gets: the superuser's reserve (3), migrations (10), who asks how it is (3), the
 * operator or the provider, the exporter of metrics, and people who look at it.
 */
export const OPERATING_CONNECTIONS = 40;

/** What services share. */
export const SHARED_CONNECTIONS = SERVER_CONNECTIONS - OPERATING_CONNECTIONS;

/**
 * Connections of a pool. Fewer than two, and one slow statement is all that a process does; with more
 * than ten it would queue at the processors of the server instead of in its own memory.
 */
export const POOL_RANGE = [2, 10] as const;

/** The connections of all processes of a service. */
export interface ConnectionDemand {
  readonly service: string;
  /** Of two releases. */
  readonly processes: number;
  /** Databases of a process, with a pool for each. */
  readonly databases: number;
  /** What a process holds beside its pools: readiness watches each database, a relay and what listens have sessions. */
  readonly own: number;
}

/** Connections as they are given out. */
export interface ConnectionPlan {
  /** Connections in each pool of a process. */
  readonly pool: number;
  /** What all processes of a service may hold together, by its name; only services with a database. */
  readonly limits: Readonly<Record<string, number>>;
}

/** What a service needs with so many replicas; nothing without a database. */
export function connectionDemand(
  service: { readonly name: string; readonly stores: readonly Store[] },
  options: { readonly replicas: number; readonly publishes: boolean },
): readonly ConnectionDemand[] {
  const stores = service.stores.filter(isDatabase);
  const databases = stores.length;
  if (databases === 0) return [];
  const sessions = stores.reduce((sum, store) => sum + store.sessions, 0);
  return [
    {
      service: service.name,
      processes: options.replicas * RELEASES,
      databases,
      own: databases + (options.publishes ? 1 : 0) + sessions,
    },
  ];
}

/** The largest size of all pools with which every process fits into the server; under POOL_RANGE none does. */
export function poolSize(demands: readonly ConnectionDemand[]): number {
  const own = demands.reduce((sum, demand) => sum + demand.processes * demand.own, 0);
  const pools = demands.reduce((sum, { processes, databases }) => sum + processes * databases, 0);
  const [, most] = POOL_RANGE;
  return pools === 0 ? most : Math.min(most, Math.floor((SHARED_CONNECTIONS - own) / pools));
}

/** What all processes of some services hold when their pools have a size. */
export function connectionsInAll(demands: readonly ConnectionDemand[], pool: number): number {
  return demands.reduce((sum, demand) => sum + connectionsOf(demand, pool), 0);
}

/**
 * Gives out the connections of the server to the services of a graph with so many replicas each.
 *
 * @param pool size of the pools, where it is decided already
 */
export function connectionPlan(
  graph: PlatformGraph,
  replicasOf: (service: ServiceNode) => number,
  pool?: number,
): ConnectionPlan {
  const demands = graph.services.flatMap((service) =>
    connectionDemand(service, {
      replicas: replicasOf(service),
      publishes: graph.topics.some(({ publishers }) => publishers.includes(service.name)),
    }),
  );
  const size = pool ?? poolSize(demands);
  return {
    pool: size,
    limits: Object.fromEntries(
      demands.map((demand) => [demand.service, connectionsOf(demand, size)]),
    ),
  };
}

/** The plan for services that grow by themselves: at its most replicas, every one still fits. */
export function declaredConnectionPlan(graph: PlatformGraph): ConnectionPlan {
  return connectionPlan(graph, ({ scale }) => scale.maxReplicas, graph.databasePool);
}

function connectionsOf({ processes, databases, own }: ConnectionDemand, pool: number): number {
  return processes * (databases * pool + own);
}
