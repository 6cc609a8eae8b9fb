import { engineClientCertificate } from '../../certificates/engine-certificate.ts';
import { bindingSecretName } from '../../kubernetes/binding-secret.ts';
import { selectorLabels } from '../../kubernetes/labels.ts';
import type { KubernetesContext } from '../../kubernetes/lowering.ts';
import type { Manifest } from '../../kubernetes/manifest.ts';
import type { PolicyPeer } from '../../kubernetes/network-policy.ts';
import { ENGINE_METRICS_PROCESS, MONITOR } from './monitor.ts';

/** Whoever asks how an engine is, among those who reach it. */
export function monitorPeer({ graph }: Pick<KubernetesContext, 'graph'>): PolicyPeer {
  return { namespace: graph.namespace, pods: selectorLabels(graph, ENGINE_METRICS_PROCESS) };
}

/** With what it proves to an engine that it is the monitor. */
export function monitorCertificate(context: KubernetesContext, folder: string): Manifest {
  return engineClientCertificate(context, {
    service: ENGINE_METRICS_PROCESS,
    secret: `${ENGINE_METRICS_PROCESS}-${folder}`,
    commonName: MONITOR,
  });
}

/** Name of what its binding is made of: services have bindings of the same names. */
export function monitorBinding(binding: string): string {
  return `${ENGINE_METRICS_PROCESS}-${binding}`;
}

/** Secrets of its bindings, by the folder that each lies in. */
export function monitorBindings(binding: string): Readonly<Record<string, string>> {
  return { [binding]: bindingSecretName(monitorBinding(binding)) };
}
