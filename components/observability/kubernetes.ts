import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import type { ObservabilityLanding } from './observability.ts';

/** Nothing yet. */
export function lowerObservability(): KubernetesPart {
  return { steps: [] };
}

/** Declares it in the cluster. */
export function landObservability(lowered: KubernetesPart): ObservabilityLanding {
  return (parent, _name, { certificates, zones }) => {
    declarePart(lowered, { parent, dependsOn: [certificates, zones] });
    return { consoleUrl: null };
  };
}

/** Telemetry in a cluster. */
export const kubernetesObservability: NounLanding<
  KubernetesContext,
  KubernetesPart,
  unknown,
  ObservabilityLanding
> = { lower: lowerObservability, land: landObservability };
