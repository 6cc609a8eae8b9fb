import type * as k8s from '../kubernetes/k8s.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { issuerReference } from './authorities.ts';
import { enginesIssuer } from './issuers.ts';
import { leafCertificate } from './leaf-certificate.ts';

/** With what a service proves to an engine who it is. */
export interface EngineClientCertificateProps {
  readonly service: string;
  /** The Secret to make in the namespace of the services: tls.crt, tls.key and ca.crt. */
  readonly secret: string;
  /** By which the engine knows its client. */
  readonly commonName: string;
}

/** With what an engine proves to its clients who it is. */
export interface EngineServerCertificateProps {
  readonly namespace: string;
  /** The Secret to make in that namespace: tls.crt, tls.key and ca.crt. */
  readonly secret: string;
  readonly commonName: string;
  /** Every name under which a client connects. */
  readonly dnsNames: readonly string[];
  /** 'PKCS1' is that of the key's own algorithm, of an ECDSA key SEC 1. @default 'PKCS8' */
  readonly keyEncoding?: KeyEncoding;
}

/** How a key is written. */
type KeyEncoding = 'PKCS1' | 'PKCS8';

/** Clients read their certificate for each new connection. */
const CLIENT_LIFETIME = { duration: '1h0m0s', renewBefore: '30m0s' } as const;

/**
 * Some engines restart, one instance after the other, to take a new certificate: 90 days, and a third
 * of them left to do it in.
 */
const SERVER_LIFETIME = { duration: '2160h0m0s', renewBefore: '720h0m0s' } as const;

/** A client certificate of an hour for an engine that knows its clients by their common name. */
export function engineClientCertificate(
  { graph }: KubernetesContext,
  { service, secret, commonName }: EngineClientCertificateProps,
): k8s.Certificate {
  return leafCertificate(graph, {
    namespace: graph.namespace,
    secret,
    owner: service,
    issuer: issuerReference(enginesIssuer(graph)),
    spec: { ...CLIENT_LIFETIME, commonName, usages: ['digital signature', 'client auth'] },
  });
}

/** The server certificate of an engine. */
export function engineServerCertificate(
  { graph }: KubernetesContext,
  { namespace, secret, commonName, dnsNames, keyEncoding = 'PKCS8' }: EngineServerCertificateProps,
): k8s.Certificate {
  return leafCertificate(graph, {
    namespace,
    secret,
    issuer: issuerReference(enginesIssuer(graph)),
    spec: {
      ...SERVER_LIFETIME,
      commonName,
      dnsNames: [...dnsNames],
      usages: ['digital signature', 'server auth'],
    },
    key: { algorithm: 'ECDSA', size: 256, encoding: keyEncoding },
  });
}
