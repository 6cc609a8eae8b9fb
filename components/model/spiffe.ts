/** The parts of a platform that its identities need. */
export interface IdentityScope {
  readonly trustDomain: string;
  readonly namespace: string;
}

/**
 * The SPIFFE ID of a service or task: `spiffe://<trust domain>/ns/<namespace>/sa/<name>`.
 * Source: SPIFFE-ID, section 2; the path follows Kubernetes' service accounts.
 */
export function spiffeId(scope: IdentityScope, name: string): string {
  return `spiffe://${scope.trustDomain}/ns/${scope.namespace}/sa/${name}`;
}
