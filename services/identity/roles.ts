/** What an account may do beyond its own affairs. */
export type Role = 'customer' | 'merchant' | 'support';

/** The roles of an account that somebody opens for themselves. */
export const DEFAULT_ROLES: readonly Role[] = ['customer'];

/** May see any account and end any session. */
export const SUPPORT_ROLE: Role = 'support';
