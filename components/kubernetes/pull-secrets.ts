import type { PodsSettings } from './kubernetes-settings.ts';

/** A Secret by its name, as Kubernetes refers to it. */
interface SecretReference {
  name: string;
}

/**
 * With which Secrets a pod pulls its images, in the words of a pod; nothing where the stack names none. Each is looked
 * for in the pod's own namespace.
 */
export function pullSecrets({ imagePullSecrets }: Pick<PodsSettings, 'imagePullSecrets'>): {
  readonly imagePullSecrets?: SecretReference[];
} {
  return imagePullSecrets.length === 0
    ? {}
    : { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) };
}
