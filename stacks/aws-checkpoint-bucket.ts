import { checkpointBucket } from '@meridian/components/aws/bucket-names.ts';
import { defaultKeysSecret } from '@meridian/components/external/kubernetes/places.ts';
import type { ExternalSettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';

/** The system of the graph that keeps heads of the audit log. */
const CHECKPOINT_STORE = 'checkpoint-store';

/** Whoever names no store for heads of the audit log gets a bucket, which the role of its writer opens: there is no key of it. */
export function withCheckpointBucket(
  externals: Readonly<Record<string, ExternalSettings>>,
  region: string,
  account: string,
): Readonly<Record<string, ExternalSettings>> {
  if (Object.hasOwn(externals, CHECKPOINT_STORE)) return externals;
  return {
    ...externals,
    [CHECKPOINT_STORE]: {
      standIn: false,
      uri: `https://s3.${region}.amazonaws.com`,
      // Addresses of S3 are AWS's own and change with no notice.
      networks: ['0.0.0.0/0'],
      secret: defaultKeysSecret(CHECKPOINT_STORE),
      byRole: true,
      parameters: { bucket: checkpointBucket({ account, environment: 'prod' }), region },
    },
  };
}
