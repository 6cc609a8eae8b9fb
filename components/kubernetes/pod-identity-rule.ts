import type { PolicyRule } from './network-policy.ts';

/**
 * Where pods ask for the credentials of their role, over HTTP and from their own node alone.
 * Source: Amazon EKS User Guide, "EKS Pod Identity restrictions"
 */
const POD_IDENTITY_AGENT = { network: '169.254.170.23/32', port: 80 } as const;

/** Lets pods ask for the credentials of their role. */
export function podIdentityRule(): PolicyRule {
  const { network, port } = POD_IDENTITY_AGENT;
  return { peers: [{ network }], ports: [port] };
}
