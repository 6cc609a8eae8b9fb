import type * as k8s from '../../kubernetes/k8s.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import { awaited } from '../../kubernetes/manifest.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import { databaseGrants } from '../../model/grants.ts';
import { LOCALE } from './cluster.ts';

/** The operator makes roles and databases one after the other, and again a while after a failure. */
const APPLIED_SECONDS = 300;

/** A database for each store, owned by a role that cannot log in; it outlives its object. */
export function postgresDatabases({ graph, settings }: KubernetesContext): readonly Manifest[] {
  return databaseGrants(graph).map(
    ({ database, ownerRole, binding }) =>
      ({
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Database',
        metadata: {
          name: binding,
          namespace: settings.namespaces.data,
          annotations: awaited(APPLIED_SECONDS, 'jsonpath={.status.applied}=true'),
        },
        spec: {
          cluster: { name: graph.name },
          name: database,
          owner: ownerRole,
          template: 'template0',
          encoding: 'UTF8',
          localeCollate: LOCALE,
          localeCType: LOCALE,
          databaseReclaimPolicy: 'retain',
        },
      }) satisfies k8s.Database,
  );
}
