import type { PlatformGraph } from '../model/graph.ts';
import type * as k8s from './k8s.ts';
import type { Manifest } from './manifest.ts';

/**
 * A binding of which nothing is secret, as a Secret: pods mount every binding as one (Service Binding
 * Specification for Kubernetes 1.1, "Provisioned Service").
 */
export function bindingSecret(
  graph: PlatformGraph,
  name: string,
  properties: Readonly<Record<string, string>>,
): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: bindingSecretName(name),
      namespace: graph.namespace,
    },
    type: `servicebinding.io/${properties['type'] ?? ''}`,
    stringData: { ...properties },
  } satisfies k8s.Secret;
}

/** The Secret of a binding. */
export function bindingSecretName(binding: string): string {
  return `${binding}-binding`;
}
