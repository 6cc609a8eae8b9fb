import {
  connectionDemand,
  connectionsInAll,
  POOL_RANGE,
  poolSize,
  SHARED_CONNECTIONS,
} from '../database-connections.ts';
import type { ConnectionDemand } from '../database-connections.ts';
import type { PlatformProps } from '../platform.ts';
import type { AnyService } from '../service.ts';
import { isDatabase } from '../store.ts';
import { serviceFile } from './problem.ts';
import type { Problem } from './problem.ts';

/** Whether all services fit into PostgreSQL at their most replicas; the largest is told if they do not. */
export function connectionProblems({ services }: PlatformProps): Problem[] {
  const demands = declaredDemands(services);
  const [least] = POOL_RANGE;
  if (poolSize(demands) >= least) return [];
  const blamed = sessionProblem(services, least);
  if (blamed !== undefined) return [blamed];
  const needs = (demand: ConnectionDemand): number => connectionsInAll([demand], least);
  const [largest] = demands.toSorted((one, other) => needs(other) - needs(one));
  const service = services.find(({ name }) => name === largest?.service);
  if (service === undefined) return [];
  return [
    {
      subject: `Service '${service.name}'`,
      rule: `scale.maxReplicas ${leavesEnough(least)}`,
      given: `${service.scale.maxReplicas}, with which they need ${connectionsInAll(demands, least)}`,
      fix: `set it in ${serviceFile(service.name)}, or in that of another service with a database`,
    },
  ];
}

function leavesEnough(least: number): string {
  return `must leave ${least} connections to PostgreSQL for the requests of each process, when all services share ${SHARED_CONNECTIONS} at their most replicas and twice during a release`;
}

/** The store with the most sessions, where all services would fit without any. */
function sessionProblem(services: readonly AnyService[], least: number): Problem | undefined {
  const without = services.map((service) => ({
    ...service,
    stores: service.stores.map((store) => (isDatabase(store) ? { ...store, sessions: 0 } : store)),
  }));
  if (poolSize(declaredDemands(without)) < least) return undefined;
  const [most] = services
    .flatMap(({ name, stores }) => stores.filter(isDatabase).map((store) => ({ name, store })))
    .toSorted((one, other) => other.store.sessions - one.store.sessions);
  if (most === undefined) return undefined;
  return {
    subject: `Store '${most.store.name}'`,
    rule: `sessions ${leavesEnough(least)}`,
    given: most.store.sessions,
    fix: `set it in ${serviceFile(most.name)}`,
  };
}

/** What the services that are declared need at their most replicas. */
export function declaredDemands(services: readonly AnyService[]): readonly ConnectionDemand[] {
  return services.flatMap((service) =>
    connectionDemand(service, {
      replicas: service.scale.maxReplicas,
      publishes: service.publishes.length > 0,
    }),
  );
}
