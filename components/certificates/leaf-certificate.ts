import type * as k8s from '../kubernetes/k8s.ts';
import { awaited } from '../kubernetes/manifest.ts';
import type { PlatformGraph } from '../model/graph.ts';

type CertificateSpec = NonNullable<k8s.Certificate['spec']>;

/** An authority in the cluster signs at once; the rest is for a cert-manager that has just been started. */
export const ISSUED_SECONDS = 300;

/** What differs between certificates. */
export interface LeafCertificateProps {
  readonly namespace: string;
  /** The Secret to make: tls.crt, tls.key and ca.crt; the certificate has its name. */
  readonly secret: string;
  /** Whose it is, as a label. @default nobody's in particular */
  readonly owner?: string;
  /** Who signs it. */
  readonly issuer: CertificateSpec['issuerRef'];
  /** Names, usages and lifetime. */
  readonly spec: Omit<CertificateSpec, 'secretName' | 'issuerRef' | 'privateKey'>;
  /** @default ECDSA on P-256, as PKCS 8 */
  readonly key?: CertificateSpec['privateKey'];
}

const KEY = { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' } as const;

/** A certificate of cert-manager; a new key with each, and whoever needs it waits until it is there. */
export function leafCertificate(
  graph: Pick<PlatformGraph, 'name'>,
  { namespace, secret, owner, issuer, spec, key = KEY }: LeafCertificateProps,
): k8s.Certificate {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: {
      name: secret,
      namespace,
      labels: {
        ...(owner === undefined ? {} : { 'app.kubernetes.io/name': owner }),
        'app.kubernetes.io/part-of': graph.name,
      },
      annotations: awaited(ISSUED_SECONDS),
    },
    spec: {
      ...spec,
      secretName: secret,
      privateKey: { ...key, rotationPolicy: 'Always' },
      issuerRef: issuer,
    },
  } satisfies k8s.Certificate;
}
