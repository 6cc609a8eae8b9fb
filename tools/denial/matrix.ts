import { readFileSync } from 'node:fs';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { databaseGrants, topicGrants } from '@meridian/components/model/grants.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { redisGrants } from '@meridian/components/redis/redis-grants.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { redisPasswordFile } from '@meridian/provider-local/resources/redis-server.ts';
import type { Attempt, Server } from './attempt.ts';
import { grpcAttempts } from './grpc-attempts.ts';
import { httpsAttempts } from './https-attempts.ts';
import { kafkaAttempts } from './kafka-attempts.ts';
import { postgresAttempts } from './postgres-attempts.ts';
import { KAFKA, principalsOf } from './principals.ts';
import type { RunningProcess } from './principals.ts';
import { redisAttempts } from './redis-attempts.ts';

/** A process as its agent tells it, with where it listens. */
export interface ListeningProcess extends RunningProcess {
  /** The first address that it listens on; absent for a task. */
  readonly address: string | undefined;
}

/**
 * Every access that can be tried on the running platform: each identity against each method of each
 * service, the gateway's door and every object of PostgreSQL, Redis and Kafka.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING when a service of the graph is nowhere to be found
 */
export async function attemptsOn(
  graph: LandedGraph,
  folders: Folders,
  processes: readonly ListeningProcess[],
): Promise<readonly Attempt[]> {
  const addressOf = (name: string): string => {
    const address = processes.find((process) => process.name === name)?.address;
    if (address !== undefined) return address;
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Denial matrix: a replica of '${name}' must run, got none; bring the platform up with 'npm start' first.`,
    );
  };
  // Before anybody's files are read: without a platform there are none.
  for (const { name } of graph.services) addressOf(name);
  const principals = principalsOf(folders, processes);
  const gateway = graph.services.find(({ exposure }) => exposure === 'edge');
  const serverOf = (name: string): Server => {
    const [host = '', port = ''] = addressOf(name).split(':');
    return { host, port: Number(port) };
  };
  const topics = topicGrants(graph);
  return [
    ...grpcAttempts(graph, principals, addressOf),
    ...(gateway === undefined
      ? []
      : httpsAttempts(gateway.name, addressOf(gateway.name), principals)),
    ...(await postgresAttempts(databaseGrants(graph), principals, serverOf('postgres'))),
    ...redisAttempts(
      redisGrants(graph),
      principals,
      redisPasswords(graph, folders, processes),
      serverOf('redis'),
    ),
    // Where nobody publishes there are no brokers.
    ...(topics.length === 0 ? [] : kafkaAttempts(topics, principals, serverOf(KAFKA))),
  ];
}

/** The passwords of Redis's users, from the files that services are bound to. */
function redisPasswords(
  graph: PlatformGraph,
  folders: Folders,
  processes: readonly ListeningProcess[],
): ReadonlyMap<string, string> {
  const server = processes.find(({ name }) => name === 'redis');
  if (server === undefined) return new Map();
  const placeholders = placeholdersOf(folders, server.zone, server.process);
  return new Map(
    redisGrants(graph).map(({ user }) => {
      const file = expandPlaceholders(redisPasswordFile(server.process, user), placeholders);
      return [user, readFileSync(file, 'utf8').trim()];
    }),
  );
}
