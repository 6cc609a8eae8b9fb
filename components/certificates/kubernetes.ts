import { output } from '@pulumi/pulumi';
import { argoRollouts, installedHere, spiffeDriver } from '../cluster/operators.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import { metricsCertificates } from '../observability/kubernetes/certificates.ts';
import { scalerAccess } from '../observability/kubernetes/scaler-access.ts';
import { signingCertificates } from './assigned-certificate.ts';
import {
  authorityIssuer,
  intermediateCertificate,
  rootBundle,
  rootCertificate,
  selfSigned,
  telemetryBundle,
} from './authorities.ts';
import type { CertificatesLanding } from './certificates.ts';
import { identityRequests } from './identity-requests.ts';
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
  telemetryIssuer,
} from './issuers.ts';

/** cert-manager's issuers, and its driver for SPIFFE. */
export interface KubernetesCertificates extends KubernetesPart {
  /** ClusterIssuer of the root. */
  readonly root: string;
  /** Where clients of the edge find the certificate to trust. */
  readonly rootCertificate: string;
}

/**
 * Four roots that trust nothing of each other: of the services' identities, of the engines, of telemetry, and,
 * where the stack names no issuer for it, of the edge.
 */
export function lowerCertificates(context: KubernetesContext): KubernetesCertificates {
  const { graph } = context;
  const edge = edgeIssuer(context);
  const ownsEdge = edge === ownEdgeIssuer(graph);
  const roots = [
    ...[rootIssuer(graph), enginesIssuer(graph), telemetryIssuer(graph)],
    ...(ownsEdge ? [edge] : []),
  ];
  const intermediates = [servicesIssuer(graph), assignedIssuer(graph)];
  return {
    root: rootIssuer(graph),
    rootCertificate: ownsEdge
      ? `secret/${CERT_MANAGER_NAMESPACE}/${authoritySecret(edge)}/tls.crt`
      : `clusterissuer/${edge}`,
    steps: [
      { manifests: [...issuancePolicy(context), ...identityRequests(graph), selfSigned(graph)] },
      { manifests: roots.map((issuer) => rootCertificate(graph, issuer)) },
      {
        manifests: [
          ...roots.map((issuer) => authorityIssuer(issuer)),
          rootBundle(context),
          telemetryBundle(context),
        ],
      },
      { manifests: intermediates.map((issuer) => intermediateCertificate(graph, issuer)) },
      { manifests: intermediates.map((issuer) => authorityIssuer(issuer)) },
      {
        manifests: [
          ...signingCertificates(graph),
          ...metricsCertificates(context),
          ...scalerAccess(context),
        ],
      },
      {
        // Their pods mount the bundles, so they come after them; with their definitions every Rollout would go.
        charts: installedHere(context, [spiffeDriver(context), argoRollouts(context)]).map(
          ({ chart }) => chart,
        ),
        protect: true,
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
