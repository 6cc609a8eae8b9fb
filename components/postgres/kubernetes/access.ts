import type * as k8s from '../../kubernetes/k8s.ts';
import { declaredConnectionPlan } from '../../model/database-connections.ts';
import { databaseGrants } from '../../model/grants.ts';
import type { DatabaseGrant } from '../../model/grants.ts';
import type { PlatformGraph } from '../../model/graph.ts';
import { databaseUsers } from '../postgres-configuration.ts';
import { postgresRoles } from '../postgres-roles.ts';
import { MIGRATOR_COMMON_NAME, MIGRATOR_ROLE } from './names.ts';

/** No role of ours has any of these. */
const UNPRIVILEGED = {
  ensure: 'present',
  superuser: false,
  createdb: false,
  createrole: false,
  replication: false,
  bypassrls: false,
} as const;

/** An owner needs none: it opens no session. */
const NO_LIMIT = -1;

/** Of PostgreSQL itself: its members read what the server says of itself, and nothing that is in it. */
export const STATISTICS_ROLE = 'pg_monitor';

/** Migrations of a few databases at once, and a try of each that hangs. */
export const MIGRATOR_CONNECTIONS = 10;

/** A role that CloudNativePG makes and keeps. */
export type ManagedRole = NonNullable<NonNullable<k8s.Cluster['spec']['managed']>['roles']>[number];

/** The roles of the graph, as on every landing, and the one that migrates. */
export function managedRoles(graph: PlatformGraph): readonly ManagedRole[] {
  const grants = databaseGrants(graph);
  const roles = postgresRoles(grants, declaredConnectionPlan(graph));
  return [
    ...roles.map(({ name, kind, connectionLimit = NO_LIMIT }) => ({
      name,
      ...UNPRIVILEGED,
      inherit: true,
      login: kind !== 'owner',
      disablePassword: true,
      connectionLimit,
      ...(kind === 'monitor' ? { inRoles: [STATISTICS_ROLE] } : {}),
    })),
    {
      name: MIGRATOR_ROLE,
      ...UNPRIVILEGED,
      // It has the rights of an owner only after SET ROLE.
      inherit: false,
      login: true,
      disablePassword: true,
      connectionLimit: MIGRATOR_CONNECTIONS,
      inRoles: grants.map(({ ownerRole }) => ownerRole),
    },
  ];
}

/**
 * pg_hba.conf: each service over TLS with its certificate and only to its own database, likewise who asks how
 * the server is, and the migrator to each. CloudNativePG puts its own rules before these (replication, by certificate too) and one for
 * passwords after, which the last of these keeps anybody from reaching.
 */
export function accessRules(grants: readonly DatabaseGrant[]): string[] {
  return [
    ...databaseUsers(grants).map(
      ({ database, serviceRole }) => `hostssl ${database} ${serviceRole} all cert`,
    ),
    ...grants.map(
      ({ database }) => `hostssl ${database} ${MIGRATOR_ROLE} all cert map=${MIGRATOR_ROLE}`,
    ),
    'host all all all reject',
  ];
}

/** pg_ident.conf: the one common name that is not the name of its role. */
export function userNameMaps(): string[] {
  return [`${MIGRATOR_ROLE} ${MIGRATOR_COMMON_NAME} ${MIGRATOR_ROLE}`];
}
