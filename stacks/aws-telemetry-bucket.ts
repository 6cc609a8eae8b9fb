import type { TelemetrySettings } from '@meridian/components/kubernetes/kubernetes-settings.ts';
import { telemetryBucket } from '@meridian/components/aws/bucket-names.ts';

/** Whoever has no store of his own gets a bucket, which Loki and Tempo use by their roles. */
export function withTelemetryBucket(
  telemetry: TelemetrySettings,
  region: string,
  account: string,
): TelemetrySettings {
  if (telemetry.objectStore !== undefined) return telemetry;
  return {
    ...telemetry,
    objectStore: {
      uri: `https://s3.${region}.amazonaws.com`,
      region,
      bucket: telemetryBucket({ account, environment: 'prod' }),
      // Addresses of S3 are AWS's own and change with no notice.
      networks: ['0.0.0.0/0'],
    },
  };
}
