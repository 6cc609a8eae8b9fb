import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Labels } from '../../kubernetes/labels.ts';
import type { OtherImage } from '../../kubernetes/other-images.ts';

/** Where PostgreSQL accepts. */
export const POSTGRES_PORT = 5_432;

/** Secrets of the server, in the namespace of the engines. */
export const SERVER_SECRET = 'postgres-server-tls';
export const REPLICATION_SECRET = 'postgres-replication-tls';
export const MIGRATOR_SECRET = 'postgres-migrator-tls';

/** As whom the instances copy from each other; CloudNativePG's own. */
export const REPLICATION_ROLE = 'streaming_replica';

/** The role that runs migrations: it owns nothing and becomes an owner for as long as it takes. */
export const MIGRATOR_ROLE = 'migrator';

/** The common name of its certificate: with a dot, so that no service can have it. */
export const MIGRATOR_COMMON_NAME = 'postgres.migrator';

/** Which pods are the cluster's: instances, and the Jobs that make them. */
export function postgresPods(platform: string): Labels {
  return { 'cnpg.io/cluster': platform };
}

/** The address of the primary, whichever instance it is. */
export function primaryHost({ graph, settings }: KubernetesContext): string {
  return `${graph.name}-rw.${settings.namespaces.data}.svc.${settings.clusterDomain}`;
}

/** Every name under which an instance is reached: primary, replicas, any. */
export function serverNames({ graph, settings }: KubernetesContext): readonly string[] {
  const { clusterDomain, namespaces } = settings;
  return ['rw', 'ro', 'r'].flatMap((suffix) => {
    const service = `${graph.name}-${suffix}`;
    const inNamespace = `${service}.${namespaces.data}`;
    return [service, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.${clusterDomain}`];
  });
}

/**
 * PostgreSQL without Barman, whose place in images CloudNativePG 1.31 gives up; backups are snapshots of volumes here.
 * Of the majors that CloudNativePG 1.30 takes (14 to 18) the one that clusters have had: another one is another day's
 * work, which stops the database.
 */
export const POSTGRESQL_IMAGE: OtherImage = {
  name: 'postgresql',
  reference: 'ghcr.io/cloudnative-pg/postgresql:17.11-standard-trixie',
};
