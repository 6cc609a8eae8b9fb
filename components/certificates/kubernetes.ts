import { output } from '@pulumi/pulumi';
import { spiffeDriver } from '../cluster/operators.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import { signingCertificates } from './assigned-certificate.ts';
import {
  authorityIssuer,
  intermediateCertificate,
  rootBundle,
  rootCertificate,
  selfSigned,
} from './authorities.ts';
import type { CertificatesLanding } from './certificates.ts';
import { issuancePolicy } from './issuance-policy.ts';
import {
  assignedIssuer,
  authoritySecret,
  CERT_MANAGER_NAMESPACE,
  edgeIssuer,
  enginesIssuer,
  ownEdgeIssuer,
  rootIssuer,
  servicesIssuer,
} from './issuers.ts';

/** cert-manager's issuers, and its driver for SPIFFE. */
export interface KubernetesCertificates extends KubernetesPart {
  /** ClusterIssuer of the root. */
  readonly root: string;
  /** Where clients of the edge find the certificate to trust. */
  readonly rootCertificate: string;
}

/**
 * Three roots that trust nothing of each other: of the services' identities, of the engines, and, where
 * the stack names no issuer for it, of the edge.
 */
export function lowerCertificates(context: KubernetesContext): KubernetesCertificates {
  const { graph } = context;
  const edge = edgeIssuer(context);
  const ownsEdge = edge === ownEdgeIssuer(graph);
  const roots = [rootIssuer(graph), enginesIssuer(graph), ...(ownsEdge ? [edge] : [])];
  const intermediates = [servicesIssuer(graph), assignedIssuer(graph)];
  return {
    root: rootIssuer(graph),
    rootCertificate: ownsEdge
      ? `secret/${CERT_MANAGER_NAMESPACE}/${authoritySecret(edge)}/tls.crt`
      : `clusterissuer/${edge}`,
    steps: [
      { manifests: [...issuancePolicy(context), selfSigned(graph)] },
      { manifests: roots.map((issuer) => rootCertificate(graph, issuer)) },
      {
        manifests: [...roots.map((issuer) => authorityIssuer(graph, issuer)), rootBundle(context)],
      },
      { manifests: intermediates.map((issuer) => intermediateCertificate(graph, issuer)) },
      { manifests: intermediates.map((issuer) => authorityIssuer(graph, issuer)) },
      {
        // Its pods mount the bundle, so it comes after it.
        charts: [spiffeDriver(context).chart],
        manifests: signingCertificates(graph),
      },
    ],
  };
}

/** Declares it in the cluster. */
export function landCertificates(lowered: KubernetesCertificates): CertificatesLanding {
  return (parent, _name, { cluster }) => {
    declarePart(lowered, { parent, dependsOn: [cluster] });
    return {
      root: output(lowered.root),
      rootCertificate: output(lowered.rootCertificate),
    };
  };
}

/** Certificates in a cluster. */
export const kubernetesCertificates: NounLanding<
  KubernetesContext,
  KubernetesCertificates,
  unknown,
  CertificatesLanding
> = {
  lower: lowerCertificates,
  land: landCertificates,
};
