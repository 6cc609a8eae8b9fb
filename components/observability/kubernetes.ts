import { declarePart } from '../kubernetes/declare-part.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { KubernetesPart } from '../kubernetes/manifest.ts';
import type { NounLanding } from '../noun-landing.ts';
import { lowerObservability } from './kubernetes/lower-observability.ts';
import type { ObservabilityLanding } from './observability.ts';

/** Declares it in the cluster; Grafana shows what the console shows elsewhere. */
export function landObservability(lowered: KubernetesPart): ObservabilityLanding {
  return (parent, _name, { zones }) => {
    declarePart(lowered, { parent, dependsOn: zones.foundation });
    return { consoleUrl: null };
  };
}

/** Telemetry in a cluster. */
export const kubernetesObservability: NounLanding<
  KubernetesLowering,
  KubernetesPart,
  unknown,
  ObservabilityLanding
> = { lower: lowerObservability, land: landObservability };
