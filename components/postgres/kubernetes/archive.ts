import type * as k8s from '../../kubernetes/k8s.ts';
import type { PostgresBackup } from '../../kubernetes/kubernetes-settings.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import type { PolicyRule } from '../../kubernetes/network-policy.ts';
import { databaseGrants } from '../../model/grants.ts';
import type { ArchiveSettings } from '../../observability/rules/backup-alerts.ts';
import { longestPause } from './backup-schedule.ts';

/** By which CloudNativePG knows the plugin. Source: plugin-barman-cloud 0.15.0, internal/cnpgi/metadata/constants.go */
export const ARCHIVE_PLUGIN = 'barman-cloud.cloudnative-pg.io';

/** The bucket, as the plugin knows it. */
const OBJECT_STORE = 'postgres-archive';

/** The server that was, in the words of the one that is made of its archive. */
const RESTORED = 'restored';

/**
 * A segment of the log of changes goes to the bucket when it is full, and after this time in any case: what is lost with
 * all volumes at once is what has been committed since.
 */
const ARCHIVE_TIMEOUT = '60s';

/** Files of the log that are sent or fetched side by side. */
const PARALLEL = 4;

/** Beside each instance; requests and limits are equal, as those of the instance are (QoS Guaranteed). */
const SIDECAR = { cpu: '500m', memory: '512Mi' } as const;

/** For a copy of all data to come from the bucket, and what was changed since. */
const RESTORE_SECONDS = 21_600;

const HTTPS_PORT = 443;

/**
 * The bucket of backups, with what it keeps and for how long; empty without one. Copies and logs are as the plugin
 * writes them. Source: plugin-barman-cloud 0.15.0, api/v1/objectstore_types.go, and barman-cloud, pkg/api/config.go
 */
export function archiveStore({ settings }: KubernetesContext): readonly Manifest[] {
  const { backup } = settings.postgres;
  if (backup === undefined) return [];
  const { secret: name, encryption } = backup;
  const kept = {
    compression: 'gzip' as const,
    ...(encryption === undefined ? {} : { encryption }),
  };
  return [
    {
      apiVersion: 'barmancloud.cnpg.io/v1',
      kind: 'ObjectStore',
      metadata: {
        name: OBJECT_STORE,
        namespace: settings.namespaces.data,
      },
      spec: {
        configuration: {
          destinationPath: `s3://${backup.bucket}/`,
          endpointURL: backup.uri,
          s3Credentials: {
            accessKeyId: { name, key: 'access-key-id' },
            secretAccessKey: { name, key: 'secret-access-key' },
          },
          wal: { ...kept, maxParallel: PARALLEL },
          data: { ...kept, jobs: PARALLEL, immediateCheckpoint: true },
        },
        retentionPolicy: `${backup.retentionDays}d`,
        instanceSidecarConfiguration: {
          env: clientEnvironment(backup),
          resources: { requests: SIDECAR, limits: SIDECAR },
        },
      },
    },
  ];
}

/** Hosts of AWS's own S3, such as 's3.eu-central-1.amazonaws.com'. */
const OF_AWS = /\.amazonaws\.com(?:\.cn)?$/;

/**
 * Of the client that writes and reads copies. Newer ones send a checksum with each object, in a form that stores other than
 * AWS's may refuse. Source: plugin-barman-cloud 0.15.0, web/docs/object_stores.md, "S3-Compatible Storage Providers"
 */
function clientEnvironment({ uri, region }: PostgresBackup) {
  const checksums = ['AWS_REQUEST_CHECKSUM_CALCULATION', 'AWS_RESPONSE_CHECKSUM_VALIDATION'];
  return [
    { name: 'AWS_DEFAULT_REGION', value: region },
    ...(OF_AWS.test(new URL(uri).hostname)
      ? []
      : checksums.map((name) => ({ name, value: 'when_required' }))),
  ];
}

/** What an instance says of its archive, and parameters for it; nothing without a bucket. */
export function archiving(context: KubernetesContext): {
  readonly plugins?: k8s.Cluster['spec']['plugins'];
  readonly parameters: Readonly<Record<string, string>>;
} {
  const { backup } = context.settings.postgres;
  if (backup === undefined) return { parameters: {} };
  const serverName = archiveName(context, backup);
  return {
    plugins: [
      {
        name: ARCHIVE_PLUGIN,
        isWALArchiver: true,
        parameters: { barmanObjectName: OBJECT_STORE, serverName },
      },
    ],
    parameters: { archive_timeout: ARCHIVE_TIMEOUT },
  };
}

/** A folder of the bucket that no other server has written to. */
function archiveName({ graph }: KubernetesContext, { archive }: PostgresBackup): string {
  return archive ?? graph.name;
}

/** How the first instance gets the data of an archive, and for how long that may take; undefined where it begins empty. */
export function recovery({ settings }: KubernetesContext, application: string) {
  const { restoreFrom } = settings.postgres;
  if (restoreFrom === undefined) return undefined;
  const { archive, time } = restoreFrom;
  return {
    bootstrap: {
      recovery: {
        source: RESTORED,
        database: application,
        owner: application,
        ...(time === undefined ? {} : { recoveryTarget: { targetTime: time } }),
      },
    },
    externalClusters: [
      {
        name: RESTORED,
        plugin: {
          name: ARCHIVE_PLUGIN,
          parameters: { barmanObjectName: OBJECT_STORE, serverName: archive },
        },
      },
    ],
    seconds: RESTORE_SECONDS,
  };
}

/** The bucket, from every instance and from the Job that fills its volume. */
export function archiveRules({ settings }: KubernetesContext): readonly PolicyRule[] {
  const { backup } = settings.postgres;
  if (backup === undefined) return [];
  const { port } = new URL(backup.uri);
  return [
    {
      peers: backup.networks.map((network) => ({ network })),
      ports: [port === '' ? HTTPS_PORT : Number(port)],
    },
  ];
}

/** What alerts on the archive go by; undefined without a bucket. */
export function archiveSettings({ settings }: KubernetesContext): ArchiveSettings | undefined {
  const { backup } = settings.postgres;
  if (backup === undefined) return undefined;
  const copiesApartSeconds = longestPause(backup.schedule);
  return copiesApartSeconds === undefined ? {} : { copiesApartSeconds };
}

/** What a deployment is told of data that are protected from Pulumi and from nothing else. */
export function postgresAtRisk({ graph, settings }: KubernetesContext): readonly string[] {
  const databases = databaseGrants(graph).map(({ database }) => database);
  const { postgres, snapshotClass, file } = settings;
  if (databases.length === 0 || postgres.backup !== undefined || snapshotClass !== undefined) {
    return [];
  }
  return [
    `PostgreSQL has no backup: with its volumes the databases ${databases.join(', ')} are lost. Set postgresBackup in ${file} (pulumi config set postgresBackup …); docs/runbooks/restore.md says what it takes and gives.`,
  ];
}
