import type { PostgresRoleKind } from '@meridian/provider-local/resources/postgres-role.ts';
import type { DatabaseGrant } from '../model/grants.ts';
import { sortedUnique } from '../model/order.ts';

/** A role of the platform's PostgreSQL. */
export interface PlatformRole {
  readonly name: string;
  readonly kind: PostgresRoleKind;
}

/** An owner for each database, and a role for each service that has one. */
export function postgresRoles(grants: readonly DatabaseGrant[]): readonly PlatformRole[] {
  return [
    ...grants.map(({ ownerRole }) => ({ name: ownerRole, kind: 'owner' as const })),
    ...sortedUnique(grants.map(({ serviceRole }) => serviceRole)).map((name) => ({
      name,
      kind: 'service' as const,
    })),
  ];
}
