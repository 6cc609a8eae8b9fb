import type { CustomResourceOptions, Input, Resource } from '@pulumi/pulumi';
import { core } from '@pulumi/kubernetes';
import { bindingSecretName } from '../kubernetes/binding-secret.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { withFieldManager } from '../kubernetes/field-manager.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import { withRecommendedLabels } from '../kubernetes/recommended-labels.ts';
import { resourceName } from '../kubernetes/resource-name.ts';

/**
 * A Secret of the cluster that holds what the cloud makes, such as an address or a password. Nothing that is rendered
 * has it: it is declared beside the engine, under the name that pods mount.
 */
export interface DeclaredSecret {
  readonly manifest: k8s.Secret;
  /** By key of the Secret, which of the cloud's values it holds. */
  readonly fromCloud: Readonly<Record<string, string>>;
}

/** What a Secret is of, and what it holds. */
export interface DeclaredSecretProps {
  /** The noun that it is of, such as 'postgres'. */
  readonly noun: string;
  readonly namespace: string;
  readonly name: string;
  /** @default 'Opaque' */
  readonly type?: string;
  /** What is known before anything is made; nothing of it is secret. @default nothing */
  readonly properties?: Readonly<Record<string, string>>;
  readonly fromCloud: DeclaredSecret['fromCloud'];
}

/** A Secret with the labels that every object of the platform has. */
export function declaredSecret(
  { graph }: Pick<KubernetesContext, 'graph'>,
  { noun, namespace, name, type = 'Opaque', properties = {}, fromCloud }: DeclaredSecretProps,
): DeclaredSecret {
  const secret: k8s.Secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    type,
    ...(Object.keys(properties).length === 0 ? {} : { stringData: { ...properties } }),
  };
  const part = withFieldManager(
    withRecommendedLabels(
      { steps: [{ manifests: [secret] }] },
      { platform: graph.name, name: noun },
    ),
  );
  const [manifest = secret] = part.steps.flatMap(({ manifests }) => manifests);
  return { manifest, fromCloud };
}

/**
 * A binding of which the cloud knows a part, in the Secret that pods mount for it (Service Binding Specification for
 * Kubernetes 1.1, "Provisioned Service").
 *
 * @param name of the binding, or of what its Secret is made of
 */
export function declaredBinding(
  context: Pick<KubernetesContext, 'graph'>,
  noun: string,
  name: string,
  properties: Readonly<Record<string, string>>,
  fromCloud: DeclaredSecret['fromCloud'],
): DeclaredSecret {
  const known = Object.entries(properties).filter(([key]) => !(key in fromCloud));
  return declaredSecret(context, {
    noun,
    namespace: context.graph.namespace,
    name: bindingSecretName(name),
    type: `servicebinding.io/${properties['type'] ?? ''}`,
    properties: Object.fromEntries(known),
    fromCloud,
  });
}

/** What a binding says in place of a value that only the cloud knows, until it is known. */
export const OF_CLOUD = 'of-cloud';

/**
 * Declares a Secret with the cloud's values. Throws Error where there is no such value, which is a bug.
 *
 * @param values of the cloud, by the name that `fromCloud` has
 */
export function declareSecret(
  { manifest, fromCloud }: DeclaredSecret,
  values: Readonly<Record<string, Input<string>>>,
  options: CustomResourceOptions,
): Resource {
  const { metadata, type, stringData = {} } = manifest;
  const made = Object.entries(fromCloud).map(([key, source]) => {
    const value = values[source];
    if (value === undefined) throw new Error(`The cloud has no value '${source}'`);
    return [key, value] as const;
  });
  return new core.v1.Secret(
    resourceName(manifest),
    {
      metadata: { ...metadata } as never,
      ...(type === undefined ? {} : { type }),
      stringData: { ...stringData, ...Object.fromEntries(made) },
    },
    options,
  );
}
