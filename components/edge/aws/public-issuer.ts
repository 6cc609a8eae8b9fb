import type * as k8s from '../../kubernetes/k8s.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';

/** The issuer of the certificate that Cloudflare is shown: strict TLS trusts authorities of the public web. */
export const PUBLIC_ISSUER = 'public-acme';

/** The owner's Secret, in cert-manager's namespace, with a token that may edit records of the zone and nothing else. */
export const DNS_TOKEN = { secret: 'cloudflare-dns-token', key: 'api-token' } as const;

/**
 * Let's Encrypt, by a record of DNS: the edge need not be there yet, nor reachable from outside of Cloudflare.
 * Source: cert-manager, "ACME DNS01", Cloudflare: API tokens with Zone.DNS:Edit and Zone.Zone:Read
 *
 * @param zone name of the zone, or of a host in it
 */
export function publicIssuer(zone: string): Manifest {
  return {
    apiVersion: 'cert-manager.io/v1',
    kind: 'ClusterIssuer',
    metadata: { name: PUBLIC_ISSUER },
    spec: {
      acme: {
        server: 'https://acme-v02.api.letsencrypt.org/directory',
        privateKeySecretRef: { name: `${PUBLIC_ISSUER}-account` },
        solvers: [
          {
            selector: { dnsNames: [zone] },
            dns01: {
              cloudflare: { apiTokenSecretRef: { name: DNS_TOKEN.secret, key: DNS_TOKEN.key } },
            },
          },
        ],
      },
    },
  } satisfies k8s.ClusterIssuer;
}
