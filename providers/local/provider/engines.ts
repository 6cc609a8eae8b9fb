import { withAdmin as withKafkaAdmin } from '../kafka/admin-connection.ts';
import type { KafkaCluster } from '../kafka/cluster.ts';
import { withAdmin as withPostgresAdmin } from '../postgres/admin-connection.ts';
import type { PostgresServer } from '../postgres/identifiers.ts';
import { withRedisAdmin } from '../redis/admin-connection.ts';
import type { RedisAdmin, RedisServer } from '../redis/admin-connection.ts';
import type { Admin } from 'kafkajs';
import type pg from 'pg';
import { EngineAccess } from './engine-access.ts';

/** A server that was just started answers its port a moment before it takes sessions. */
const SERVER_PATIENCE_MS = 15_000;
const SERVER_DELETE_PATIENCE_MS = 2000;

/** Brokers that start together need a while, on busy cores, until they are a cluster. */
const CLUSTER_PATIENCE_MS = 180_000;
const CLUSTER_DELETE_PATIENCE_MS = 5000;

/** A database of a server of ours. */
export interface PostgresTarget {
  readonly server: PostgresServer;
  /** @default 'postgres' */
  readonly database?: string;
}

/** PostgreSQL, as superuser. */
export const postgresAccess = new EngineAccess<PostgresTarget, pg.Client>({
  enter: ({ target, ...entry }, work) => withPostgresAdmin({ ...entry, ...target }, work),
  processesOf: ({ server }) => [server],
  unreachable: 'POSTGRES_UNREACHABLE',
  disklessErrors: ['POSTGRES_UNREACHABLE'],
  gone: 'POSTGRES_DATABASE_MISSING',
  changePatienceMs: SERVER_PATIENCE_MS,
  deletePatienceMs: SERVER_DELETE_PATIENCE_MS,
  // Shared catalogues cannot be changed by two sessions at once ("tuple concurrently updated").
  oneAtATime: true,
});

/** Redis, as its admin. */
export const redisAccess = new EngineAccess<RedisServer, RedisAdmin>({
  enter: ({ target, ...entry }, work) => withRedisAdmin({ ...entry, server: target }, work),
  processesOf: (server) => [server],
  unreachable: 'REDIS_UNREACHABLE',
  disklessErrors: ['REDIS_REFUSED', 'REDIS_UNREACHABLE'],
  changePatienceMs: SERVER_PATIENCE_MS,
  deletePatienceMs: SERVER_DELETE_PATIENCE_MS,
});

/** Kafka, as its administrator. */
export const kafkaAccess = new EngineAccess<KafkaCluster, Admin>({
  enter: ({ target, ...entry }, work) => withKafkaAdmin({ ...entry, cluster: target }, work),
  processesOf: ({ brokers }) => brokers,
  unreachable: 'KAFKA_UNREACHABLE',
  disklessErrors: ['KAFKA_REFUSED', 'KAFKA_UNREACHABLE'],
  changePatienceMs: CLUSTER_PATIENCE_MS,
  deletePatienceMs: CLUSTER_DELETE_PATIENCE_MS,
});
