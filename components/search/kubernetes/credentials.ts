import { BINDINGS_FOLDER } from '@meridian/language/process-folder.ts';
import { bindingSecretName } from '../../kubernetes/binding-secret.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { HTTP_PORT } from './eck.ts';
import { monitorBinding } from '../../observability/engines/cluster-monitor.ts';
import { MONITOR_BINDINGS } from '../../observability/engines/monitor.ts';
import { PROBE_GRANT, searchBinding } from '../search-binding.ts';
import { PROBE_USER, searchGrants } from '../search-grants.ts';

/** Whose passwords are to be made in the cluster, which has them in these Secrets and nowhere else. */
export interface SearchCredentials {
  readonly users: readonly SearchUser[];
  readonly engineForm: FileRealmUsers;
}

/** A user, and the bindings in the services' namespace that get its password under `password`. */
export interface SearchUser {
  readonly name: string;
  readonly bindings: readonly {
    readonly secret: string;
    readonly properties: Readonly<Record<string, string>>;
  }[];
}

/** A Secret of type kubernetes.io/basic-auth for each user, as ECK's file realm reads it. */
export interface FileRealmUsers {
  readonly kind: 'basic-auth';
  readonly namespace: string;
  /** By user; roles are separated by commas. */
  readonly secrets: Readonly<Record<string, { readonly secret: string; readonly roles: string }>>;
}

/** A user for each index, and one that asks how the nodes are; nobody where there is no index. */
export function searchCredentials(context: KubernetesContext): SearchCredentials {
  const { graph, settings } = context;
  const { data } = settings.namespaces;
  const users = usersOf(context);
  return {
    users: users.map(({ grant, folder, binding }) => ({
      name: grant.user,
      bindings: [
        {
          secret: bindingSecretName(binding),
          properties: searchBinding(grant, {
            // The Service that ECK makes for the cluster.
            host: `${graph.name}-es-http.${data}.svc.${settings.clusterDomain}`,
            port: HTTP_PORT,
            passwordFile: `${BINDINGS_FOLDER}/${folder}/password`,
          }),
        },
      ],
    })),
    engineForm: {
      kind: 'basic-auth',
      namespace: data,
      secrets: Object.fromEntries(
        users.map(({ grant: { user }, role }) => [
          user,
          { secret: `${graph.name}-${user}-user`, roles: role },
        ]),
      ),
    },
  };
}

/** Who has which role, and which binding in which folder. */
function usersOf({ graph }: KubernetesContext) {
  const grants = searchGrants(graph);
  if (grants.length === 0) return [];
  const { search: folder } = MONITOR_BINDINGS;
  return [
    ...grants.map((grant) => ({
      ...{ grant, role: grant.role },
      ...{ folder: grant.binding, binding: grant.binding },
    })),
    { grant: PROBE_GRANT, role: PROBE_USER, folder, binding: monitorBinding(folder) },
  ];
}
