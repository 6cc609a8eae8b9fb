/** What an account may do beyond its own affairs: the names of all roles. */
export const ROLES = ['customer', 'merchant', 'support'] as const;

/** One of ROLES. */
export type Role = (typeof ROLES)[number];

/** The roles of an account that somebody opens for themselves. */
export const DEFAULT_ROLES: readonly Role[] = ['customer'];

/** May see any account and end any session. */
export const SUPPORT_ROLE: Role = 'support';
