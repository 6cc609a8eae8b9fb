import type * as k8s from '../kubernetes/k8s.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { awaited } from '../kubernetes/manifest.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { ISSUED_SECONDS } from './leaf-certificate.ts';
import {
  ARGO_ROLLOUTS_NAMESPACE,
  authoritySecret,
  CERT_MANAGER_NAMESPACE,
  edgeTrustBundle,
  ownEdgeIssuer,
  probesEdgeTrustBundle,
  rootIssuer,
  selfSignedIssuer,
  SPIFFE_DRIVER_NAMESPACE,
  telemetryIssuer,
  telemetryTrustBundle,
  trustBundle,
} from './issuers.ts';

/** Ten years: a new root means new trust for everyone who has the old one. */
const ROOT_LIFETIME = { duration: '87600h0m0s', renewBefore: '8760h0m0s' } as const;

/** A month, so that a stolen key is worth little for long; leaves bring their intermediate along. */
const INTERMEDIATE_LIFETIME = { duration: '720h0m0s', renewBefore: '360h0m0s' } as const;

/** What signs itself: roots come from it, and nothing else. */
export function selfSigned(graph: PlatformGraph): Manifest {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: metadata(selfSignedIssuer(graph)),
    spec: { selfSigned: {} },
  } satisfies k8s.ClusterIssuer;
}

/** The certificate of a root of the platform. */
export function rootCertificate(graph: PlatformGraph, issuer: string): Manifest {
  return authority(issuer, {
    ...ROOT_LIFETIME,
    // The key stays when the certificate is renewed, so what is below it stays valid.
    privateKey: { ...AUTHORITY_KEY, rotationPolicy: 'Never' },
    issuerRef: issuerReference(selfSignedIssuer(graph)),
  });
}

/** A domain that nobody has. Source: RFC 2606, section 2. */
const NO_DOMAIN = 'invalid';

/** Every address. */
const ALL_ADDRESSES = ['0.0.0.0/0', '::/0'];

/**
 * The certificate of an authority below the root. Should its key get lost, it is good for identities
 * of this trust domain alone: names of every other kind are free unless something is said of them, and whoever
 * checks a peer by its DNS name would take one.
 * Source: RFC 5280, section 4.2.1.10.
 */
export function intermediateCertificate(graph: PlatformGraph, issuer: string): Manifest {
  return authority(issuer, {
    ...INTERMEDIATE_LIFETIME,
    privateKey: { ...AUTHORITY_KEY, rotationPolicy: 'Always' },
    issuerRef: issuerReference(rootIssuer(graph)),
    nameConstraints: {
      critical: true,
      permitted: {
        uriDomains: [graph.trustDomain],
        dnsDomains: [NO_DOMAIN],
        emailAddresses: [NO_DOMAIN],
      },
      excluded: { ipRanges: [...ALL_ADDRESSES] },
    },
  });
}

/** The ClusterIssuer that signs with an authority's key. */
export function authorityIssuer(issuer: string): Manifest {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: metadata(issuer),
    spec: { ca: { secretName: authoritySecret(issuer) } },
  } satisfies k8s.ClusterIssuer;
}

/**
 * The root certificate as a ConfigMap where it is read: by the SPIFFE driver, which puts it beside
 * every certificate, and by the edge, which knows the gateway by it.
 */
export function rootBundle({ graph }: KubernetesContext): Manifest {
  return bundle(trustBundle(graph), {
    issuer: rootIssuer(graph),
    namespaces: [graph.namespace, SPIFFE_DRIVER_NAMESPACE],
  });
}

/** The certificate of the platform's own authority for users of the edge, for pods that are such users. */
export function edgeBundle({ graph }: KubernetesContext, namespace: string): Manifest {
  const issuer = ownEdgeIssuer(graph);
  return bundle(edgeTrustBundle(graph), { issuer, namespaces: [namespace] });
}

/** The same for the probes among the services; a Bundle of its own, as each has one owner. */
export function probesEdgeBundle({ graph }: KubernetesContext): Manifest {
  const namespaces = [graph.namespace];
  return bundle(probesEdgeTrustBundle(graph), { issuer: ownEdgeIssuer(graph), namespaces });
}

/** The certificate of telemetry's authority for Argo Rollouts, which asks Prometheus and can be told of none itself. */
export function telemetryBundle({ graph }: KubernetesContext): Manifest {
  const namespaces = [ARGO_ROLLOUTS_NAMESPACE];
  return bundle(telemetryTrustBundle(graph), { issuer: telemetryIssuer(graph), namespaces });
}

function bundle(
  { name, key }: { readonly name: string; readonly key: string },
  { issuer, namespaces }: { readonly issuer: string; readonly namespaces: readonly string[] },
): Manifest {
  return {
    apiVersion: 'trust.cert-manager.io/v1alpha1',
    kind: 'Bundle',
    metadata: {
      ...metadata(name),
      annotations: awaited(ISSUED_SECONDS, 'condition=Synced'),
    },
    spec: {
      sources: [{ secret: { name: authoritySecret(issuer), key: 'tls.crt' } }],
      target: {
        configMap: { key },
        namespaceSelector: {
          matchExpressions: [
            {
              key: 'kubernetes.io/metadata.name',
              operator: 'In',
              values: [...namespaces],
            },
          ],
        },
      },
    },
  } satisfies k8s.Bundle;
}

/** A reference to a ClusterIssuer. */
export function issuerReference(name: string) {
  return { group: 'cert-manager.io', kind: 'ClusterIssuer', name } as const;
}

const AUTHORITY_KEY = { algorithm: 'ECDSA', size: 256, encoding: 'PKCS8' } as const;

type CertificateSpec = NonNullable<k8s.Certificate['spec']>;

/** The Certificate of an authority; its key never leaves the namespace of cert-manager. */
function authority(
  issuer: string,
  spec: Pick<
    CertificateSpec,
    'duration' | 'renewBefore' | 'privateKey' | 'issuerRef' | 'nameConstraints'
  >,
): Manifest {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { ...metadata(issuer), namespace: CERT_MANAGER_NAMESPACE },
    spec: {
      ...spec,
      isCA: true,
      commonName: issuer,
      secretName: authoritySecret(issuer),
      usages: ['cert sign', 'crl sign'],
    },
  } satisfies k8s.Certificate;
}

function metadata(name: string): Manifest['metadata'] {
  return { name, annotations: awaited(ISSUED_SECONDS) };
}
