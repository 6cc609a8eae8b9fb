import type { TextForm } from './text-form.ts';

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
  return `${SPIFFE_SCHEME}${scope.trustDomain}/ns/${scope.namespace}/sa/${name}`;
}

/** What every SPIFFE ID begins with. */
export const SPIFFE_SCHEME = 'spiffe://';

/** The form of any SPIFFE ID. */
export const SPIFFE_ID: TextForm = {
  fits: /^spiffe:\/\/[a-z0-9._-]+(\/[A-Za-z0-9._-]+)+$/,
  allowed: 'a SPIFFE ID such as spiffe://meridian.local/ns/meridian/sa/catalog',
};
