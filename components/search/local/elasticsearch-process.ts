import {
  elasticsearchPasswordFile,
  elasticsearchUsersFile,
} from '@meridian/provider-local/resources/elasticsearch-node.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { PROBE_USER, rolesFile, withProbe } from '../search-grants.ts';
import type { SearchRole } from '../search-grants.ts';
import {
  JVM_OPTIONS,
  LAUNCHER_OPTIONS,
  LOG_PROPERTIES,
  NODE_IDENTITY_FOLDER,
  nodeConfiguration,
  startCommand,
  usersRolesFile,
} from './elasticsearch-configuration.ts';
import type { LocalNode } from './elasticsearch-configuration.ts';

/** A node on a busy machine has read some twenty thousand classes when it is ready. */
const READY_TIMEOUT_SECONDS = 180;

/**
 * What is asked: whether there is a master, which has done what it had to do (reading what the indices
 * are, first of all), and whether no index is being opened any more. One that cannot be opened makes the
 * node no less ready: it is for its service to build another one.
 */
const READY_PATH =
  '/_cluster/health?wait_for_events=languid&wait_for_no_initializing_shards=true&timeout=1s';

/** Who may do what: roles by name, and who has which. */
export interface NodeRights {
  readonly roles: Readonly<Record<string, SearchRole>>;
  readonly users: readonly { readonly user: string; readonly role: string }[];
}

/** The process of a node; also what tests of services start. */
export function elasticsearchProcess(
  node: LocalNode,
  rights: NodeRights,
  revision: string,
): ProcessSpec {
  const home = '${cache}/elasticsearch/current';
  const { name, address, port, transportPort } = node;
  const users = [...rights.users, { user: PROBE_USER, role: PROBE_USER }];
  return {
    name,
    revision,
    command: startCommand(`${home}/bin/elasticsearch`, elasticsearchUsersFile(name)),
    environment: {
      ES_JAVA_HOME: `${home}/java`,
      ES_PATH_CONF: '${self}',
      ES_TMPDIR: '${data}/tmp',
      CLI_JAVA_OPTS: LAUNCHER_OPTIONS,
    },
    files: {
      'elasticsearch.yml': nodeConfiguration(node),
      'jvm.options': JVM_OPTIONS,
      'log4j2.properties': LOG_PROPERTIES,
    },
    liveFiles: {
      'roles.yml': rolesFile(withProbe(rights.roles)),
      users_roles: usersRolesFile(users),
    },
    identities: [
      {
        folder: NODE_IDENTITY_FOLDER,
        uris: [],
        commonName: 'elasticsearch',
        dnsNames: [],
        addresses: [address],
        // A node is a client of other nodes, and its agent comes with its certificate.
        usages: ['server', 'client'],
      },
    ],
    listens: [
      { name: 'elasticsearch', address, port },
      { name: 'transport', address, port: transportPort },
    ],
    readiness: {
      kind: 'https',
      url: `https://${address}:${port}${READY_PATH}`,
      identity: NODE_IDENTITY_FOLDER,
      user: { name: PROBE_USER, passwordFile: elasticsearchPasswordFile(name, PROBE_USER) },
      timeoutSeconds: READY_TIMEOUT_SECONDS,
    },
    stop: { signal: 'SIGTERM', graceSeconds: 20 },
    // It looks for renewed certificates by itself.
    onRenew: 'none',
    runs: 'always',
    data: true,
  };
}
