import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { bindingSecretName } from '../kubernetes/binding-secret.ts';
import { HTTP_PORT } from './eck.ts';
import { searchBinding } from './search-binding.ts';
import { searchGrants } from './search-grants.ts';

/**
 * A user whose password is made in the cluster and is nowhere else: in two Secrets, each with it
 * under `password` and its user under `username`.
 */
export interface SearchCredential {
  readonly user: string;
  readonly roles: readonly string[];
  /** What the service mounts. */
  readonly binding: CredentialSecret;
  /** What ECK reads: of type kubernetes.io/basic-auth, with the roles under `roles`. */
  readonly engine: CredentialSecret;
}

/** A Secret to make, with what is not secret in it. */
export interface CredentialSecret {
  readonly secret: string;
  readonly namespace: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, string>>;
}

/** The Service that ECK makes for the cluster. */
export function searchHost({ graph, settings }: KubernetesContext): string {
  return `${graph.name}-es-http.${settings.namespaces.data}.svc.${settings.clusterDomain}`;
}

/** A user for each index. */
export function searchCredentials(context: KubernetesContext): readonly SearchCredential[] {
  const { graph, settings } = context;
  return searchGrants(graph).map((grant) => {
    const { user, role, binding } = grant;
    return {
      user,
      roles: [role],
      binding: {
        secret: bindingSecretName(binding),
        namespace: graph.namespace,
        type: 'servicebinding.io/elasticsearch',
        properties: searchBinding(grant, {
          host: searchHost(context),
          port: HTTP_PORT,
          passwordFile: `bindings/${binding}/password`,
        }),
      },
      engine: {
        secret: `${graph.name}-${binding}-user`,
        namespace: settings.namespaces.data,
        type: 'kubernetes.io/basic-auth',
        properties: { username: user, roles: role },
      },
    };
  });
}
