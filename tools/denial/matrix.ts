import { readFileSync } from 'node:fs';
import type { LandedGraph } from '@meridian/components/model/landed.ts';
import { databaseGrants, topicGrants } from '@meridian/components/model/grants.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { redisGrants } from '@meridian/components/redis/redis-grants.ts';
import { searchGrants } from '@meridian/components/search/search-grants.ts';
import { expandPlaceholders, placeholdersOf } from '@meridian/provider-local/folders.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { elasticsearchPasswordFile } from '@meridian/provider-local/resources/elasticsearch-node.ts';
import { redisPasswordFile } from '@meridian/provider-local/resources/redis-server.ts';
import type { Attempt, Server } from './attempt.ts';
import { elasticsearchAttempts } from './elasticsearch-attempts.ts';
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
 * service, the gateway's door and every object of PostgreSQL, Redis, Elasticsearch and Kafka.
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
  const [keySpaces, indices] = [redisGrants(graph), searchGrants(graph)];
  const passwords = (
    engine: string,
    users: readonly { readonly user: string }[],
    fileOf: (process: string, user: string) => string,
  ) => {
    const names = users.map(({ user }) => user);
    return passwordsOf(engine, names, fileOf, folders, processes);
  };
  return [
    ...grpcAttempts(graph, principals, addressOf),
    ...(gateway === undefined
      ? []
      : httpsAttempts(gateway.name, addressOf(gateway.name), principals)),
    ...(await postgresAttempts(databaseGrants(graph), principals, serverOf('postgres'))),
    ...redisAttempts(
      keySpaces,
      principals,
      passwords('redis', keySpaces, redisPasswordFile),
      serverOf('redis'),
    ),
    // Where no service has an index there is no node.
    ...(indices.length === 0
      ? []
      : elasticsearchAttempts(
          indices,
          principals,
          passwords('elasticsearch', indices, elasticsearchPasswordFile),
          serverOf('elasticsearch'),
        )),
    // Where nobody publishes there are no brokers.
    ...(topics.length === 0 ? [] : kafkaAttempts(topics, principals, serverOf(KAFKA))),
  ];
}

/** Passwords of users of an engine, from the files that services are bound to. */
function passwordsOf(
  engine: string,
  users: readonly string[],
  fileOf: (process: string, user: string) => string,
  folders: Folders,
  processes: readonly ListeningProcess[],
): ReadonlyMap<string, string> {
  const server = processes.find(({ name }) => name === engine);
  if (server === undefined) return new Map();
  const placeholders = placeholdersOf(folders, server.zone, server.process);
  return new Map(
    users.map((user) => {
      const file = expandPlaceholders(fileOf(server.process, user), placeholders);
      return [user, readFileSync(file, 'utf8').trim()];
    }),
  );
}
