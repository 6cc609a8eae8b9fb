import { bindingSecretName } from '../../kubernetes/binding-secret.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { HTTP_PORT } from './eck.ts';
import { searchBinding } from '../search-binding.ts';
import { searchGrants } from '../search-grants.ts';

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

/** A user for each index. */
export function searchCredentials(context: KubernetesContext): SearchCredentials {
  const { graph, settings } = context;
  const { data } = settings.namespaces;
  const grants = searchGrants(graph);
  return {
    users: grants.map((grant) => ({
      name: grant.user,
      bindings: [
        {
          secret: bindingSecretName(grant.binding),
          properties: searchBinding(grant, {
            // The Service that ECK makes for the cluster.
            host: `${graph.name}-es-http.${data}.svc.${settings.clusterDomain}`,
            port: HTTP_PORT,
            passwordFile: `bindings/${grant.binding}/password`,
          }),
        },
      ],
    })),
    engineForm: {
      kind: 'basic-auth',
      namespace: data,
      secrets: Object.fromEntries(
        grants.map(({ user, role }) => [
          user,
          { secret: `${graph.name}-${user}-user`, roles: role },
        ]),
      ),
    },
  };
}
