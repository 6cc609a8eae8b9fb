import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { EdgeLanding } from './edge.ts';

/** A Gateway API gateway of Envoy Gateway's. */
export interface KubernetesEdge extends KubernetesPart {
  readonly url: string;
}

/** What a graph needs of it. */
export function lowerEdge({ graph }: KubernetesContext): KubernetesEdge {
  return { steps: [], url: `https://${graph.name}.example` };
}

/** Declares it in the cluster. */
export function landEdge(lowered: KubernetesEdge): EdgeLanding {
  return (parent, _name, { certificates, gateway }) => {
    declarePart(lowered, { parent, dependsOn: [certificates, gateway] });
    return { url: lowered.url };
  };
}
