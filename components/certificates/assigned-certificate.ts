import type { ICertificate } from '@kubernetes-models/cert-manager/cert-manager.io/v1/Certificate';
import { AWAIT_READY } from '../kubernetes/manifest.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { PlatformGraph } from '../model/graph.ts';
import type { Signature } from '../model/service.ts';
import { spiffeId } from '../model/spiffe.ts';
import { signingFolder } from '../service/kit-process.ts';
import { issuerReference } from './authorities.ts';
import { assignedIssuer } from './issuers.ts';

/** The shortest that cert-manager issues; readers take a new one up at once. */
const LIFETIME = { duration: '1h0m0s', renewBefore: '30m0s' } as const;

/** An identity that the program assigns: to what, and in which Secret. */
export interface AssignedCertificateProps {
  readonly namespace: string;
  /** Last part of the SPIFFE ID. */
  readonly identity: string;
  /** The Secret to make: tls.crt, tls.key and ca.crt. */
  readonly secret: string;
  readonly key: NonNullable<NonNullable<ICertificate['spec']>['privateKey']>;
  readonly usages: NonNullable<NonNullable<ICertificate['spec']>['usages']>;
}

/** A certificate with a SPIFFE ID that no pod's ServiceAccount could prove; a new key with each. */
export function assignedCertificate(
  graph: PlatformGraph,
  { namespace, identity, secret, key, usages }: AssignedCertificateProps,
): Manifest {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: {
      name: secret,
      namespace,
      labels: { 'app.kubernetes.io/name': identity, 'app.kubernetes.io/part-of': graph.name },
      annotations: AWAIT_READY,
    },
    spec: {
      ...LIFETIME,
      secretName: secret,
      uris: [spiffeId(graph, identity)],
      privateKey: { ...key, encoding: 'PKCS8', rotationPolicy: 'Always' },
      usages,
      issuerRef: issuerReference(assignedIssuer(graph)),
    },
  } satisfies ICertificate;
}

/**
 * The keys that services sign tokens and contexts with. Of the usages that cert-manager knows,
 * `email protection` is the one for signatures over messages: it ends no TLS.
 */
export function signingCertificates(graph: PlatformGraph): readonly Manifest[] {
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
