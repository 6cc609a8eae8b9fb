import type { TelemetryStorePlace } from '../../kubernetes/kubernetes-settings.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { BUCKET_KEYS } from '../../kubernetes/owners-secret.ts';

/** Of a store of which nobody has said where it is; a deployment is refused. Leads nowhere (RFC 2606). */
const NOWHERE: TelemetryStorePlace = {
  uri: 'https://unknown.invalid',
  region: 'unknown',
  bucket: 'unknown',
  networks: [],
  secret: 'telemetry-store-keys',
};

/** Where Loki and Tempo keep what several replicas of them share. */
export function objectStore({
  settings,
}: Pick<KubernetesContext, 'settings'>): TelemetryStorePlace {
  return settings.telemetry.objectStore ?? NOWHERE;
}

/** What a deployment lacks without one: Loki and Tempo would start and keep nothing. */
export function objectStoreProblems({
  settings,
}: Pick<KubernetesContext, 'settings'>): readonly string[] {
  if (settings.telemetry.objectStore !== undefined) return [];
  return [
    `Setting 'meridian:telemetryStore': must say where Loki and Tempo keep what they share, as {"uri": "https://…", "region": "…", "bucket": "…", "networks": ["…"]}, got nothing; set it in ${settings.file} (pulumi config set telemetryStore …)`,
  ];
}

/** Words of Loki and Tempo for it; keys come from the owner's Secret by the environment, or there are none. */
export function s3Words({ uri, region, secret }: TelemetryStorePlace) {
  return {
    endpoint: new URL(uri).host,
    region,
    keys:
      secret === undefined
        ? undefined
        : { accessKey: '${ACCESS_KEY_ID}', secretKey: '${SECRET_ACCESS_KEY}' },
  };
}

/** The environment of those who use it. */
export function keyEnvironment({ secret: name }: TelemetryStorePlace) {
  if (name === undefined) return [];
  return BUCKET_KEYS.map((key) => ({
    name: key.toUpperCase().replaceAll('-', '_'),
    valueFrom: { secretKeyRef: { name, key } },
  }));
}
