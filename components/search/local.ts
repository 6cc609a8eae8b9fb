import { elasticsearchUsersFile } from '@meridian/provider-local/resources/elasticsearch-node.ts';
import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { NO_USE } from '../local/engine.ts';
import type { LocalEngine } from '../local/engine.ts';
import type { PlatformGraph } from '../model/graph.ts';
import {
  JVM_OPTIONS,
  LAUNCHER_OPTIONS,
  LOG_PROPERTIES,
  NODE_IDENTITY_FOLDER,
  nodeConfiguration,
  startCommand,
  usersRolesFile,
} from './local/elasticsearch-configuration.ts';
import type { LocalNode } from './local/elasticsearch-configuration.ts';
import { rolesFile, searchGrants } from './search-grants.ts';
import type { SearchRole } from './search-grants.ts';
import type { SearchLanding } from './search.ts';

/** A node on a busy machine; it has read some forty thousand classes by then. */
const READY_TIMEOUT_SECONDS = 180;

/** Who may do what: roles by name, and who has which. */
export interface NodeRights {
  readonly roles: Readonly<Record<string, SearchRole>>;
  readonly users: readonly { readonly user: string; readonly role: string }[];
}

/** The process of a node; also what tests of services start. */
export function elasticsearchProcess(
  node: LocalNode,
  { roles, users }: NodeRights,
  revision: string,
): ProcessSpec {
  const home = '${cache}/elasticsearch/current';
  const { name, address, port, transportPort } = node;
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
    liveFiles: { 'roles.yml': rolesFile(roles), users_roles: usersRolesFile(users) },
    identities: [
      {
        folder: NODE_IDENTITY_FOLDER,
        uris: [],
        commonName: 'elasticsearch',
        dnsNames: [],
        addresses: [address],
        // A node is a client of other nodes.
        usages: ['server', 'client'],
      },
    ],
    listens: [
      { name: 'elasticsearch', address, port },
      { name: 'transport', address, port: transportPort },
    ],
    readiness: { kind: 'tcp', address, port, timeoutSeconds: READY_TIMEOUT_SECONDS },
    stop: { signal: 'SIGTERM', graceSeconds: 20 },
    // It looks for renewed certificates by itself.
    onRenew: 'none',
    runs: 'always',
    data: true,
  };
}

/** Elasticsearch is not made on this machine yet: a graph whose landed services need it is refused. */
export const localSearch: LocalEngine<null, SearchLanding> = {
  lower: () => null,
  land: () => () => undefined,
  place: { host: 5, ports: [] },
  problems: unwritten,
  use: () => NO_USE,
};

function unwritten(graph: PlatformGraph): readonly string[] {
  return searchGrants(graph).map(
    ({ binding, service }) =>
      `Store '${binding}': must be of an engine that the local landing has, got 'elasticsearch'; declare it 'implemented: false' in services/${service}/service.ts`,
  );
}
