import type { ConnectionPlan } from '../model/database-connections.ts';
import type { DatabaseGrant } from '../model/grants.ts';
import { sortedUnique } from '../model/order.ts';
import { MONITOR, MONITOR_CONNECTIONS } from '../observability/engines/monitor.ts';

/** A role of the platform's PostgreSQL. */
export interface PlatformRole {
  readonly name: string;
  /** An owner owns a database and cannot log in; others log in and own nothing, and a monitor may read statistics. */
  readonly kind: 'owner' | 'service' | 'monitor';
  /** Connections that all processes of the service may hold at once; an owner opens none. */
  readonly connectionLimit?: number;
}

/** An owner for each database, a role for each service that has one, and one that asks how the server is. */
export function postgresRoles(
  grants: readonly DatabaseGrant[],
  { limits }: ConnectionPlan,
): readonly PlatformRole[] {
  const services = new Map(grants.map(({ serviceRole, service }) => [serviceRole, service]));
  return [
    ...grants.map(({ ownerRole }) => ({ name: ownerRole, kind: 'owner' as const })),
    ...sortedUnique([...services.keys()]).map((name) => ({
      name,
      kind: 'service' as const,
      connectionLimit: limitOf(limits, services.get(name) ?? name),
    })),
    { name: MONITOR, kind: 'monitor', connectionLimit: MONITOR_CONNECTIONS },
  ];
}

function limitOf(limits: ConnectionPlan['limits'], service: string): number {
  const limit = limits[service];
  if (limit === undefined) throw new Error(`Service '${service}' has a database and no limit`);
  return limit;
}
