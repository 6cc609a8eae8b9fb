import type { MigrateOrder } from '@meridian/jobs/migrate/migrate-order.ts';
import { SERVICE_SETTINGS } from '@meridian/language/session-settings.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { programJob } from '../../kubernetes/program-job.ts';
import { databaseGrants } from '../../model/grants.ts';
import { POSTGRES_IDENTITY_FOLDER } from '../postgres-binding.ts';
import { MIGRATOR_ROLE, MIGRATOR_SECRET, POSTGRES_PORT, primaryHost } from './names.ts';

/** The operator makes roles and databases one after the other; then a first connection can be made. */
const PATIENCE_MS = 300_000;

/** For the patience, and for migrations of tables that are large. */
const TIMEOUT_SECONDS = 3_600;

/**
 * A Job for each database whose service has migrations yet: other files, another image or other grants
 * are another Job. So are other data, which may be older than what a Job has done.
 */
export function migrationJobs(context: KubernetesContext): readonly Manifest[] {
  const { restoreFrom } = context.settings.postgres;
  return migrationJobsBy(context, {
    server: {
      host: primaryHost(context),
      port: POSTGRES_PORT,
      role: MIGRATOR_ROLE,
      tlsFolder: POSTGRES_IDENTITY_FOLDER,
    },
    secrets: { [POSTGRES_IDENTITY_FOLDER]: MIGRATOR_SECRET },
    ...(restoreFrom === undefined ? {} : { within: JSON.stringify(restoreFrom) }),
  });
}

/** Where the server is, and how the migrator comes in. */
export interface MigratorWay {
  readonly server:
    | Pick<MigrateOrderByCertificate, 'host' | 'port' | 'role' | 'tlsFolder'>
    | Pick<MigrateOrderByPassword, 'port' | 'role' | 'serverFolder'>;
  /** Secrets of the Jobs, by the folder that each is mounted at. */
  readonly secrets: Readonly<Record<string, string>>;
  /** What the data came from; others are another run. @default nothing */
  readonly within?: string;
}

type MigrateOrderByCertificate = Extract<MigrateOrder, { host: unknown }>;
type MigrateOrderByPassword = Extract<MigrateOrder, { serverFolder: unknown }>;

/** The same at any server. */
export function migrationJobsBy(
  context: KubernetesContext,
  { server, secrets, within }: MigratorWay,
): readonly Manifest[] {
  return databaseGrants(context.graph).flatMap((grant) => {
    const sources = context.migrations[grant.migrations];
    if (sources === undefined) return [];
    const order: MigrateOrder = {
      ...orderedBy(server, grant.database),
      owner: grant.ownerRole,
      serviceRoles: [grant.serviceRole],
      appendOnly: grant.appendOnly,
      settings: SERVICE_SETTINGS,
      migrations: grant.migrations,
      patienceMs: PATIENCE_MS,
    };
    return [
      programJob(context, {
        program: 'migrate',
        subject: grant.binding,
        namespace: context.settings.namespaces.data,
        order,
        secrets,
        sources,
        ...(within === undefined ? {} : { within }),
        timeoutSeconds: TIMEOUT_SECONDS,
      }),
    ];
  });
}

/** In the order in which Jobs that have run were told it: another one would be another Job. */
function orderedBy(server: MigratorWay['server'], database: string) {
  if ('host' in server) {
    const { host, port, role, tlsFolder } = server;
    return { host, port, database, role, tlsFolder };
  }
  const { port, role, serverFolder } = server;
  return { serverFolder, port, database, role };
}
