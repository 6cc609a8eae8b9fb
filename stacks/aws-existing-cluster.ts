import type { ExistingCluster } from '@meridian/components/aws/aws-settings.ts';
import { z } from 'zod';
import { ipv4Network, NETWORK_FORM } from './ipv4-network.ts';
import { jsonSetting } from './setting-schemas.ts';

/** Source: Amazon EKS API, CreateCluster, name */
const NAME = /^[0-9A-Za-z][A-Za-z0-9_-]{0,99}$/;

const ENDPOINT = /^https:\/\/[0-9A-Z]+\.[a-z0-9]+\.[a-z0-9-]+\.eks\.amazonaws\.com$/;

const RULE = `must be a JSON object {"existing": {"name": "…", "endpoint": "https://….eks.amazonaws.com", "certificateAuthority": "<base 64>", "securityGroupId": "sg-…", "serviceNetwork": "172.20.0.0/16"}}, as aws eks describe-cluster shows them; networks are ${NETWORK_FORM}`;

/** Which cluster of EKS the platform goes into, where it makes none. */
export const awsExistingCluster = jsonSetting<{ readonly existing: ExistingCluster }>(
  z.strictObject({
    existing: z.strictObject({
      name: z.string().regex(NAME),
      endpoint: z.string().regex(ENDPOINT),
      certificateAuthority: z.base64().min(1),
      securityGroupId: z.string().regex(/^sg-[0-9a-f]{8,17}$/),
      serviceNetwork: ipv4Network,
    }),
  }),
  RULE,
);

/** Refuses a cluster that is there in a network that is not: it would be in another one. */
export function refuseClusterElsewhere(
  given: { readonly cluster?: unknown; readonly network: object },
  context: z.core.$RefinementCtx,
): void {
  if (given.cluster === undefined || 'existing' in given.network) return;
  context.addIssue({
    code: 'custom',
    path: ['cluster'],
    message: 'must be in a network that is there too, whose ids the setting network has',
    params: { given: 'a network to be made' },
  });
}
