import type * as k8s from '../kubernetes/k8s.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import { installedHere, operators } from './operators.ts';
import { podSecurityLabels } from './pod-security.ts';
import type { PodSecurityLevel } from './pod-security.ts';

/**
 * The namespaces of services, engines, telemetry and operators, each held to `restricted` but those that cannot
 * be: the SPIFFE driver's and that of node logs, which mount folders of their node. The namespace of DNS, which
 * the platform shares with others, is not its to make, nor are those of operators that others have installed.
 */
export function namespaces(context: KubernetesLowering): readonly Manifest[] {
  const { graph, settings } = context;
  const levels = new Map<string, PodSecurityLevel>([
    [graph.namespace, 'restricted'],
    [settings.namespaces.data, 'restricted'],
    [settings.namespaces.observability, 'restricted'],
    [settings.namespaces.nodeLogs, 'privileged'],
    ...installedHere(context, operators(context)).map(
      ({ chart, podSecurity }) => [chart.namespace, podSecurity] as const,
    ),
  ]);
  return [...levels].map(
    ([name, level]) =>
      ({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: {
          name,
          labels: podSecurityLabels(level),
        },
      }) satisfies k8s.Namespace,
  );
}
