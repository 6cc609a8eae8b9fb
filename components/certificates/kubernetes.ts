import { output } from '@pulumi/pulumi';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { CertificatesLanding } from './certificates.ts';

/** cert-manager's issuers, and its driver for SPIFFE. */
export interface KubernetesCertificates extends KubernetesPart {
  /** Secret that holds the root certificate. */
  readonly root: string;
}

/** What a graph needs of it. */
export function lowerCertificates({ graph }: KubernetesContext): KubernetesCertificates {
  return { steps: [], root: `${graph.name}-root` };
}

/** Declares it in the cluster. */
export function landCertificates(lowered: KubernetesCertificates): CertificatesLanding {
  return (parent, _name, { cluster }) => {
    declarePart(lowered, { parent, dependsOn: [cluster] });
    return {
      rootFingerprint: output(lowered.root),
      rootCertificatePath: output(lowered.root),
    };
  };
}
