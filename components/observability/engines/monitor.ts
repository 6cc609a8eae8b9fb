/** The process that asks engines how they are, and serves what they say as metrics. */
export const ENGINE_METRICS_PROCESS = 'engine-metrics';

/** Its main file, relative to the program's root. */
export const ENGINE_METRICS_ENTRY = 'services/watch/engine-metrics/main.ts';

/**
 * Whom engines know it as: the common name of its certificates, a role of PostgreSQL, a user of Redis and a principal of
 * Kafka. It may read what an engine says of itself, and nothing that the platform keeps there.
 */
export const MONITOR = 'monitor';

/** Names of its bindings. */
export const MONITOR_BINDINGS = {
  postgres: 'postgres',
  redis: 'redis',
  search: 'elasticsearch',
} as const;

/** The database that it connects to: what a server says of itself is the same from each. */
export const MONITORED_DATABASE = 'postgres';

/** What its bindings say of it, wherever an engine runs. */
export const MONITOR_GRANTS = {
  postgres: { database: MONITORED_DATABASE, serviceRole: MONITOR },
  // No key begins so.
  redis: { user: MONITOR, keyPrefix: `${MONITOR}:` },
} as const;

/** Connections of its pool. */
export const MONITOR_POOL = 2;

/** Connections that it may hold: one that asks, one that watches, and one more while that is renewed. */
export const MONITOR_CONNECTIONS = 3;

/** What it may do in Redis, in the words of `ACL SETUSER`: no key at all. */
export const MONITOR_REDIS_RULES: readonly string[] = [
  '-@all',
  ...['+hello', '+auth', '+ping', '+info'],
];
