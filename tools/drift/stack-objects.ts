import type { PodsStack } from '@meridian/components/kubernetes/lower-kubernetes.ts';
import { partsOf } from '@meridian/components/kubernetes/parts-of.ts';
import type { ClusterObject, DeclaredObject } from './declared-object.ts';

/** Every object of a stack that this folder says itself; those of other people's charts only Helm knows. */
export function stackObjects(stack: PodsStack): readonly DeclaredObject[] {
  return Object.entries(partsOf(stack)).flatMap(([noun, { steps }]) =>
    steps
      .flatMap((step) => step.manifests ?? [])
      .map((manifest) => ({ object: plain(manifest), declaredBy: noun })),
  );
}

/** The namespaces that a stack makes. */
export function namespacesOf(objects: readonly DeclaredObject[]): readonly string[] {
  return objects
    .filter(({ object }) => object.apiVersion === 'v1' && object.kind === 'Namespace')
    .map(({ object }) => object.metadata.name);
}

/** As it is sent: without fields that are undefined. */
function plain(manifest: object): ClusterObject {
  return JSON.parse(JSON.stringify(manifest)) as ClusterObject;
}
