/** Where ElastiCache accepts, over TLS alone. */
export const REDIS_PORT = 6_379;

/** The user that Redis itself knows; nobody can be it. */
export const DEFAULT_USER = 'default';

/** Values of the cloud, as Secrets name them. */
export const ENDPOINT = 'endpoint';

/** The value of the cloud that is a user's password. */
export function passwordOf(user: string): string {
  return `password of ${user}`;
}
