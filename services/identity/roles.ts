import type { Role } from '@meridian/language/access.ts';

/** The roles of an account that somebody opens for themselves. */
export const DEFAULT_ROLES: readonly Role[] = ['customer'];

/** Roles of those who work for the shop: nobody opens an account with one of them. */
export const STAFF_ROLES = ['merchant', 'support', 'auditor'] as const satisfies readonly Role[];

/** One of STAFF_ROLES. */
export type StaffRole = (typeof STAFF_ROLES)[number];

/** All roles of somebody with one of them: a merchant buys too; whoever helps or looks does only that. */
export function rolesOfStaff(role: StaffRole): readonly Role[] {
  return role === 'merchant' ? [...DEFAULT_ROLES, role] : [role];
}
