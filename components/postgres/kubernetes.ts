import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { PostgresLanding } from './postgres.ts';

/** CloudNativePG's cluster, with a database and roles for each store. */
export interface KubernetesPostgres extends KubernetesPart {
  readonly host: string;
  readonly port: number;
}

/** What a graph needs of it. */
export function lowerPostgres({ graph, settings }: KubernetesContext): KubernetesPostgres {
  return {
    steps: [],
    host: `${graph.name}-rw.${settings.namespaces.data}.svc.${settings.clusterDomain}`,
    port: 5_432,
  };
}

/** Declares it in the cluster. */
export function landPostgres(lowered: KubernetesPostgres): PostgresLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: [zones] });
    return { host: lowered.host, port: lowered.port };
  };
}
