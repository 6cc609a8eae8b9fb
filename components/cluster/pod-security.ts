import type { Labels } from '../kubernetes/labels.ts';
import { SUPPORTED_KUBERNETES } from './supported-kubernetes.ts';

/** Levels of the Pod Security Standards, the strictest first. */
export type PodSecurityLevel = 'restricted' | 'baseline' | 'privileged';

/**
 * The version whose rules hold, so that a cluster's upgrade changes none of them. An older cluster takes it for the
 * newest that it knows. Source: Kubernetes 1.36, pod-security-admission, policy/registry.go, EvaluatePod.
 */
export const POD_SECURITY_VERSION = `v${SUPPORTED_KUBERNETES.newest}`;

/**
 * The labels by which Pod Security Admission holds a namespace to a level: pods that break it are
 * refused, and workloads that would make such pods are warned of.
 * Source: Kubernetes, "Enforce Pod Security Standards with Namespace Labels".
 */
export function podSecurityLabels(level: PodSecurityLevel): Labels {
  return Object.fromEntries(
    ['enforce', 'audit', 'warn'].flatMap((mode) => [
      [`pod-security.kubernetes.io/${mode}`, level],
      [`pod-security.kubernetes.io/${mode}-version`, POD_SECURITY_VERSION],
    ]),
  );
}
