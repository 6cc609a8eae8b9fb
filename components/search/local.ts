import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { elasticsearchPasswordFile } from '@meridian/provider-local/resources/elasticsearch-node.ts';
import { ElasticsearchUser } from '@meridian/provider-local/resources/elasticsearch-user.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { firstZone } from '../local/addresses.ts';
import { bindingFolder, merged } from '../local/binding-folder.ts';
import { engineIdentity, NO_USE } from '../local/engine.ts';
import type { EngineUse, LocalEngine } from '../local/engine.ts';
import type { LoweringContext } from '../local/lowering.ts';
import { hostAddress } from '../model/network.ts';
import {
  ENGINE_METRICS_PROCESS,
  MONITOR,
  MONITOR_BINDINGS,
} from '../observability/engines/monitor.ts';
import { installedVersion } from '../service/program-sources.ts';
import { elasticsearchProcess } from './local/elasticsearch-process.ts';
import type { NodeListen } from './local/elasticsearch-configuration.ts';
import { PROBE_GRANT, SEARCH_IDENTITY_FOLDER, searchBinding } from './search-binding.ts';
import { PROBE_USER, searchGrants, searchRoles } from './search-grants.ts';
import type { SearchLanding } from './search.ts';

/** Where the node listens in its zone, for clients and for other nodes. */
const PORT_OFFSET = 8;
const TRANSPORT_PORT_OFFSET = 9;
const PLACE = { host: 5, ports: [PORT_OFFSET, TRANSPORT_PORT_OFFSET] } as const;

/** Name of the node and of its process. */
const NODE = 'elasticsearch';

/** One node in the first zone: what it holds is built again from the catalogue, and three would not fit. */
export interface LocalSearch {
  /** None where no service has an index. */
  readonly nodes: readonly { readonly zone: string; readonly process: ProcessSpec }[];
  readonly users: readonly LocalSearchUser[];
}

/** A user as the local provider makes it. */
export interface LocalSearchUser {
  readonly name: string;
  /** Another number than before gives it another password. */
  readonly generation: number;
}

/** The node and its users; nothing at all where no service has an index. */
export function lowerSearch(context: LoweringContext): LocalSearch {
  const { graph, settings, sources } = context;
  const grants = searchGrants(graph);
  if (grants.length === 0) return { nodes: [], users: [] };
  const node = { cluster: graph.name, name: NODE, ...listenOf(context) };
  const rights = { roles: searchRoles(graph), users: grants };
  const process = elasticsearchProcess(node, rights, installedVersion(sources, 'elasticsearch'));
  return {
    nodes: [{ zone: firstZone(graph).name, process }],
    users: [...grants.map(({ user }) => user), PROBE_USER].map((name) => ({
      name,
      generation: settings.passwordGeneration,
    })),
  };
}

function listenOf({ graph, settings }: LoweringContext): NodeListen {
  return {
    address: hostAddress(firstZone(graph).network, PLACE.host),
    port: settings.portBase + PORT_OFFSET,
    transportPort: settings.portBase + TRANSPORT_PORT_OFFSET,
  };
}

/** Makes the users with the local provider and runs the node, which begins with them, in its zone's agent. */
export function landSearch(lowered: LocalSearch): SearchLanding {
  return (parent, name, { zones }) => {
    for (const { zone, process } of lowered.nodes) {
      const host = zones.host(zone);
      const users = lowered.users.map(
        (user) =>
          new ElasticsearchUser(
            `${name}-user-${user.name}`,
            { node: { zone: host.zone, process: process.name }, ...user },
            { parent },
          ),
      );
      new Process(
        `${name}-node`,
        { zone: host.zone, spec: process },
        { parent, dependsOn: [host.resource, ...users] },
      );
    }
  };
}

/** A binding to each index of a service, and a certificate in its name. */
function useSearch(context: LoweringContext, workload: string): EngineUse {
  if (workload === ENGINE_METRICS_PROCESS) return monitorSearch(context);
  const grants = searchGrants(context.graph).filter(({ service }) => service === workload);
  if (grants.length === 0) return NO_USE;
  const { address: host, port } = listenOf(context);
  return {
    files: merged(
      grants.map((grant) => {
        const passwordFile = elasticsearchPasswordFile(NODE, grant.user);
        return bindingFolder(grant.binding, searchBinding(grant, { host, port, passwordFile }));
      }),
    ),
    identities: [engineIdentity(SEARCH_IDENTITY_FOLDER, workload)],
  };
}

/** How the node is may be asked by whom its agent asks as, which may do nothing else. */
function monitorSearch(context: LoweringContext): EngineUse {
  if (searchGrants(context.graph).length === 0) return NO_USE;
  const { address: host, port } = listenOf(context);
  const passwordFile = elasticsearchPasswordFile(NODE, PROBE_USER);
  const binding = searchBinding(PROBE_GRANT, { host, port, passwordFile });
  return {
    files: bindingFolder(MONITOR_BINDINGS.search, binding),
    identities: [engineIdentity(SEARCH_IDENTITY_FOLDER, MONITOR)],
  };
}

/** Elasticsearch on this machine. */
export const localSearch: LocalEngine<LocalSearch, SearchLanding> = {
  lower: lowerSearch,
  land: landSearch,
  place: PLACE,
  problems: () => [],
  use: useSearch,
};
