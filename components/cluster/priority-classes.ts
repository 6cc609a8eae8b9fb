import type * as k8s from '../kubernetes/k8s.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import type { PlatformGraph } from '../model/graph.ts';

/** What pods are to the platform; where nodes are short, the first here stay longest. */
export type PodRole = 'engine' | 'service' | 'telemetry' | 'task';

/**
 * Kubernetes' own class of what a node does not work without. Where a cluster keeps it to namespaces that have a
 * quota of it, as GKE does, other pods are refused with it.
 */
export const NODE_CRITICAL = 'system-node-critical';

/**
 * Pods of a higher value push out those of a lower one. All are above the default of 0 and far below
 * Kubernetes' own classes, which begin at two thousand millions.
 */
const VALUES: Readonly<Record<PodRole, number>> = {
  engine: 1_000_000,
  service: 100_000,
  telemetry: 50_000,
  task: 10_000,
};

const DESCRIPTIONS: Readonly<Record<PodRole, string>> = {
  engine: 'Databases, queues, the edge and the operators: without them no service works',
  service: 'Services',
  telemetry: 'What watches: without it services work on, unseen',
  task: 'What is run on demand, and can be run again',
};

/** Name of the class of such pods. */
export function priorityClass(graph: Pick<PlatformGraph, 'name'>, role: PodRole): string {
  return `${graph.name}-${role}`;
}

/** A class for each role. */
export function priorityClasses(graph: PlatformGraph): readonly Manifest[] {
  return (['engine', 'service', 'telemetry', 'task'] as const).map(
    (role) =>
      ({
        apiVersion: 'scheduling.k8s.io/v1',
        kind: 'PriorityClass',
        metadata: {
          name: priorityClass(graph, role),
        },
        value: VALUES[role],
        globalDefault: false,
        // A task waits for room; it is not worth another pod's life.
        preemptionPolicy: role === 'task' ? 'Never' : 'PreemptLowerPriority',
        description: DESCRIPTIONS[role],
      }) satisfies k8s.PriorityClass,
  );
}
