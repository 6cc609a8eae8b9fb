import { bindingSecret } from '../kubernetes/binding-secret.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import { bindingSecrets } from '../kubernetes/engine.ts';
import type { EngineUse, KubernetesEngine } from '../kubernetes/engine.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import { databaseGrants } from '../model/grants.ts';
import { monitorBinding, monitorBindings } from '../observability/engines/cluster-monitor.ts';
import {
  ENGINE_METRICS_PROCESS,
  MONITOR_BINDINGS,
  MONITOR_GRANTS,
} from '../observability/engines/monitor.ts';
import { postgresCertificates } from './kubernetes/certificates.ts';
import { postgresCluster, postgresInstances } from './kubernetes/cluster.ts';
import { archiveSettings, archiveStore, postgresAtRisk } from './kubernetes/archive.ts';
import { postgresDatabases } from './kubernetes/databases.ts';
import { scheduledBackups } from './kubernetes/scheduled-backups.ts';
import { migrationJobs } from './kubernetes/migrations.ts';
import { postgresUsers } from './postgres-users.ts';
import { POSTGRES_PORT, POSTGRESQL_IMAGE, postgresPods, primaryHost } from './kubernetes/names.ts';
import { postgresNetworkPolicies } from './kubernetes/network-policies.ts';
import { postgresObjectRule } from './kubernetes/object-rule.ts';
import { postgresOperators } from './kubernetes/operator.ts';
import { postgresBinding, POSTGRES_IDENTITY_FOLDER } from './postgres-binding.ts';
import type { PostgresLanding } from './postgres.ts';

/** CloudNativePG's cluster, with a database and roles for each store. */
export interface KubernetesPostgres extends KubernetesPart {
  readonly host: string;
  readonly port: number;
}

/** The cluster, then its databases, then what is in them. */
export function lowerPostgres(context: KubernetesContext): KubernetesPostgres {
  const { graph } = context;
  const place = { host: primaryHost(context), port: POSTGRES_PORT };
  const bindings = databaseGrants(graph).map((grant) =>
    bindingSecret(graph, grant.binding, postgresBinding(grant, place)),
  );
  return {
    ...place,
    steps: [
      {
        manifests: [
          ...postgresCertificates(context),
          ...postgresNetworkPolicies(context),
          ...archiveStore(context),
          ...bindings,
          bindingSecret(
            graph,
            monitorBinding(MONITOR_BINDINGS.postgres),
            postgresBinding(MONITOR_GRANTS.postgres, place),
          ),
        ],
      },
      {
        manifests: [postgresCluster(context)],
        protect: true,
        // The operator looks at it once: a restore into a cluster that is there would be none.
        replaceOnChanges: ['spec.bootstrap'],
      },
      { manifests: [...postgresDatabases(context), ...scheduledBackups(context)] },
      { manifests: migrationJobs(context) },
    ],
  };
}

/** Declares it in the cluster. */
export function landPostgres(lowered: KubernetesPostgres): PostgresLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: zones.foundation });
    return { host: lowered.host, port: lowered.port };
  };
}

function usePostgres(
  { graph, settings }: KubernetesContext,
  workload: string,
): EngineUse | undefined {
  const grants = databaseGrants(graph).filter(({ service }) => service === workload);
  const isMonitor = workload === ENGINE_METRICS_PROCESS;
  if (grants.length === 0 && !isMonitor) return undefined;
  const peer = { namespace: settings.namespaces.data, pods: postgresPods(graph.name) };
  return {
    engine: 'postgres',
    bindings: isMonitor
      ? monitorBindings(MONITOR_BINDINGS.postgres)
      : bindingSecrets(grants.map(({ binding }) => binding)),
    identityFolder: POSTGRES_IDENTITY_FOLDER,
    egress: { peers: [peer], ports: [POSTGRES_PORT] },
  };
}

/** PostgreSQL in a cluster. */
export const kubernetesPostgres: KubernetesEngine<KubernetesPostgres, PostgresLanding> = {
  lower: lowerPostgres,
  land: landPostgres,
  operators: postgresOperators,
  objectRule: postgresObjectRule,
  images: [POSTGRESQL_IMAGE],
  dataAtRisk: postgresAtRisk,
  archive: archiveSettings,
  instances: postgresInstances,
  use: usePostgres,
  scrape: ({ graph }) => ({
    job: postgresUsers.job,
    pods: postgresPods(graph.name),
    port: 'metrics',
  }),
};
