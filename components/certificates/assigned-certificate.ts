import type { Signature } from '@meridian/language/process-folder.ts';
import { spiffeId } from '@meridian/language/spiffe-id.ts';
import { signingFolder } from '@meridian/language/process-folder.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { issuerReference } from './authorities.ts';
import { assignedIssuer } from './issuers.ts';
import { leafCertificate } from './leaf-certificate.ts';

/** The shortest that cert-manager issues; readers take a new one up at once. */
const LIFETIME = { duration: '1h0m0s', renewBefore: '30m0s' } as const;

/** An identity that the program assigns: to what, and in which Secret. */
export interface AssignedCertificateProps {
  readonly namespace: string;
  /** Last part of the SPIFFE ID. */
  readonly identity: string;
  /** The Secret to make: tls.crt, tls.key and ca.crt. */
  readonly secret: string;
  readonly key: NonNullable<NonNullable<k8s.Certificate['spec']>['privateKey']>;
  readonly usages: NonNullable<NonNullable<k8s.Certificate['spec']>['usages']>;
}

/** A certificate with a SPIFFE ID that no pod's ServiceAccount could prove; a new key with each. */
export function assignedCertificate(
  graph: PlatformGraph,
  { namespace, identity, secret, key, usages }: AssignedCertificateProps,
): k8s.Certificate {
  return leafCertificate(graph, {
    namespace,
    secret,
    owner: identity,
    issuer: issuerReference(assignedIssuer(graph)),
    spec: { ...LIFETIME, uris: [spiffeId(graph, identity)], usages },
    key: { ...key, encoding: 'PKCS8' },
  });
}

/**
 * The keys that services sign tokens and contexts with. Of the usages that cert-manager knows,
 * `email protection` is the one for signatures over messages: it ends no TLS.
 */
export function signingCertificates(graph: PlatformGraph): readonly k8s.Certificate[] {
  return graph.services.flatMap(({ name, signs }) =>
    signs.map((signature: Signature) =>
      assignedCertificate(graph, {
        namespace: graph.namespace,
        identity: name,
        secret: `${name}-${signingFolder(signature)}`,
        key: { algorithm: 'Ed25519' },
        usages: ['digital signature', 'email protection'],
      }),
    ),
  );
}
