import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { PlatformGraph } from '../model/graph.ts';

/** Namespace of cert-manager, which has the keys of the authorities. */
export const CERT_MANAGER_NAMESPACE = 'cert-manager';

/** Namespace of Argo Rollouts. */
export const ARGO_ROLLOUTS_NAMESPACE = 'argo-rollouts';

/** Namespace of the SPIFFE driver. */
export const SPIFFE_DRIVER_NAMESPACE = 'spiffe-driver';

/** The ServiceAccount of cert-manager's controller, a name of its chart's. */
export const CERT_MANAGER_ACCOUNT = 'cert-manager';

type Named = Pick<PlatformGraph, 'name'>;

/** What signs the roots: each signs itself. */
export function selfSignedIssuer({ name }: Named): string {
  return `${name}-self-signed`;
}

/** The root of the identities between services. */
export function rootIssuer({ name }: Named): string {
  return `${name}-root`;
}

/** Below the root: identities that a pod proves by the token of its ServiceAccount. */
export function servicesIssuer({ name }: Named): string {
  return `${name}-services`;
}

/** Below the root: identities that the program assigns, as no pod's ServiceAccount has them. */
export function assignedIssuer({ name }: Named): string {
  return `${name}-assigned`;
}

/** The authority of engines and their clients; it says nothing about identities between services. */
export function enginesIssuer({ name }: Named): string {
  return `${name}-engines`;
}

/** The authority of whoever gives, takes and keeps telemetry, and of nobody else. */
export function telemetryIssuer({ name }: Named): string {
  return `${name}-telemetry`;
}

/** A root of its own, for users of the edge where the stack names no other issuer. */
export function ownEdgeIssuer({ name }: Named): string {
  return `${name}-edge`;
}

/** Every authority of the platform; each is made with it, and nobody else's certificate is for it to sign. */
export function ownIssuers(graph: Named): readonly string[] {
  return [
    selfSignedIssuer(graph),
    rootIssuer(graph),
    servicesIssuer(graph),
    assignedIssuer(graph),
    enginesIssuer(graph),
    telemetryIssuer(graph),
    ownEdgeIssuer(graph),
  ];
}

/** What issues the certificate that users of the edge see. */
export function edgeIssuer({ graph, settings }: KubernetesContext): string {
  return settings.edge.issuer ?? ownEdgeIssuer(graph);
}

/** The Secret with an authority's certificate and key, in cert-manager's namespace. */
export function authoritySecret(issuer: string): string {
  return `${issuer}-authority`;
}

/** The ConfigMap with the root certificate that services trust, and its key. */
export function trustBundle(graph: Named): { readonly name: string; readonly key: string } {
  return { name: rootIssuer(graph), key: 'ca.crt' };
}

/** The same for the authority of telemetry. */
export function telemetryTrustBundle(graph: Named): {
  readonly name: string;
  readonly key: string;
} {
  return { name: telemetryIssuer(graph), key: 'ca.crt' };
}

/** The same for the authority that users of the edge trust where it is the platform's own. */
export function edgeTrustBundle(graph: Named): { readonly name: string; readonly key: string } {
  return { name: ownEdgeIssuer(graph), key: 'ca.crt' };
}

/** The same for probes, which look whether the certificate of the edge is one that users trust. */
export function probesEdgeTrustBundle(graph: Named): {
  readonly name: string;
  readonly key: string;
} {
  return { name: `${ownEdgeIssuer(graph)}-for-probes`, key: 'ca.crt' };
}

/** A ClusterIssuer as approvals name it. Source: cert-manager, "CertificateRequest", approval. */
export function clusterIssuerSigner(issuer: string): string {
  return `clusterissuers.cert-manager.io/${issuer}`;
}

/**
 * What cert-manager approves by itself: every issuer of the platform but that of the services, whose
 * requests the SPIFFE driver's approver judges alone.
 */
export function approvedSigners(context: KubernetesContext): readonly string[] {
  const { graph } = context;
  const issuers = [
    selfSignedIssuer(graph),
    rootIssuer(graph),
    assignedIssuer(graph),
    enginesIssuer(graph),
    telemetryIssuer(graph),
    edgeIssuer(context),
  ];
  return [
    ...issuers.map(clusterIssuerSigner),
    // For the webhook of trust-manager itself.
    `issuers.cert-manager.io/${CERT_MANAGER_NAMESPACE}.trust-manager`,
  ];
}
