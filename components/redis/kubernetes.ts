import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { RedisLanding } from './redis.ts';

/** A replicated Redis with one primary address, and its users. */
export interface KubernetesRedis extends KubernetesPart {
  readonly host: string;
  readonly port: number;
}

/** What a graph needs of it. */
export function lowerRedis({ settings }: KubernetesContext): KubernetesRedis {
  return {
    steps: [],
    host: `redis.${settings.namespaces.data}.svc.${settings.clusterDomain}`,
    port: 6_379,
  };
}

/** Declares it in the cluster. */
export function landRedis(lowered: KubernetesRedis): RedisLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: [zones] });
    return { host: lowered.host, port: lowered.port };
  };
}
