import { landed } from '@meridian/components/model/landed.ts';
import { databaseGrants } from '@meridian/components/model/grants.ts';
import type { PlatformGraph } from '@meridian/components/model/graph.ts';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import type { Attempt } from './attempt.ts';
import { grpcAttempts } from './grpc-attempts.ts';
import { httpsAttempts } from './https-attempts.ts';
import { postgresAttempts } from './postgres-attempts.ts';
import { principalsOf } from './principals.ts';
import type { RunningProcess } from './principals.ts';

/** A process as its agent tells it, with where it listens. */
export interface ListeningProcess extends RunningProcess {
  /** The first address that it listens on; absent for a task. */
  readonly address: string | undefined;
}

/**
 * Every access that can be tried on the running platform: each identity against each method of each
 * service, the gateway's door and every object of PostgreSQL.
 *
 * @throws {PlatformError} PLATFORM_NOT_RUNNING when a service of the graph is nowhere to be found
 */
export async function attemptsOn(
  wholeGraph: PlatformGraph,
  folders: Folders,
  processes: readonly ListeningProcess[],
): Promise<readonly Attempt[]> {
  const graph = landed(wholeGraph);
  const addressOf = (name: string): string => {
    const address = processes.find((process) => process.name === name)?.address;
    if (address !== undefined) return address;
    throw new PlatformError(
      'PLATFORM_NOT_RUNNING',
      `Denial matrix: needs a running replica of '${name}', got none; bring the platform up with 'npm start' first.`,
    );
  };
  const principals = principalsOf(folders, processes);
  const gateway = graph.services.find(({ exposure }) => exposure === 'edge');
  const [host = '', port = ''] = addressOf('postgres').split(':');
  return [
    ...grpcAttempts(graph, principals, addressOf),
    ...(gateway === undefined
      ? []
      : httpsAttempts(gateway.name, addressOf(gateway.name), principals)),
    ...(await postgresAttempts(databaseGrants(graph), principals, { host, port: Number(port) })),
  ];
}
