import { SPIFFE_DRIVER_NAMESPACE } from '../certificates/issuers.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { Manifest } from '../kubernetes/manifest.ts';
import { PROGRAM_JOB } from '../kubernetes/program-job.ts';
import { cpuQuantity, memoryQuantity } from '../kubernetes/quantity.ts';
import type { PlatformGraph } from '../model/graph.ts';
import { RELEASES } from '../model/sizing.ts';
import {
  ENGINE_METRICS_MIB,
  PROBE_MIB,
  WATCH_CPU_MILLICORES,
} from '../observability/watch-sizes.ts';
import { TASK_RESOURCES } from '../task/task-resources.ts';
import { NODE_CRITICAL } from './priority-classes.ts';

/** What a container without figures of its own gets: that of a Job that an operator or we add. */
const DEFAULT_CONTAINER = {
  requests: { cpu: '50m', memory: '64Mi' },
  limits: { cpu: '500m', memory: '256Mi' },
} as const;

/**
 * What the namespace of the services may ask for: every service at its most replicas, in two releases, while a node is
 * drained; the Job that waits for each release, each task once, and what watches. What runs away is stopped here, and
 * nothing that was declared is.
 */
export function servicesQuota({ graph }: KubernetesContext): Manifest {
  const { pods, cpuMillicores, memoryMiB } = demand(graph);
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadata(graph, graph.namespace),
    spec: {
      hard: {
        pods: String(pods),
        'requests.cpu': cpuQuantity(cpuMillicores),
        'requests.memory': memoryQuantity(memoryMiB),
        'limits.memory': memoryQuantity(memoryMiB),
        // Nothing there keeps data, and the edge is the only way in.
        persistentvolumeclaims: '0',
        'services.loadbalancers': '0',
        'services.nodeports': '0',
      },
    },
  } satisfies k8s.ResourceQuota;
}

/** As good as no limit: a pod of the driver's on every node, however many there are. */
const NODES_MAX = '1G';

/**
 * Lets pods into the namespace of the SPIFFE driver that no node works without.
 * Source: Kubernetes, "Limit Priority Class consumption by default"; GKE, "Resource quotas", as documented
 */
export function nodeCriticalQuota(graph: PlatformGraph): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: metadata(graph, SPIFFE_DRIVER_NAMESPACE),
    spec: {
      hard: { pods: NODES_MAX },
      scopeSelector: {
        matchExpressions: [{ scopeName: 'PriorityClass', operator: 'In', values: [NODE_CRITICAL] }],
      },
    },
  } satisfies k8s.ResourceQuota;
}

/** What a container of such a namespace gets that says nothing itself; a quota refuses it otherwise. */
export function limitRange(graph: PlatformGraph, namespace: string): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: metadata(graph, namespace),
    spec: {
      limits: [
        {
          type: 'Container',
          default: DEFAULT_CONTAINER.limits,
          defaultRequest: DEFAULT_CONTAINER.requests,
        },
      ],
    },
  } satisfies k8s.LimitRange;
}

interface Demand {
  readonly pods: number;
  readonly cpuMillicores: number;
  readonly memoryMiB: number;
}

/** Pods that end count until they are gone; a budget lets one of a service go at a time, and another one is made at once. */
const DRAINED = 1;

function demand(graph: PlatformGraph): Demand {
  const services = graph.services.map(({ scale }) => ({
    ...scale,
    pods: scale.maxReplicas * RELEASES + DRAINED,
  }));
  const releases = graph.services.map(() => ({ ...PROGRAM_JOB, pods: 1 }));
  const tasks = graph.tasks.map(() => ({ ...TASK_RESOURCES, pods: 1 }));
  const watching = [ENGINE_METRICS_MIB, ...graph.zones.map(() => PROBE_MIB)].map((memoryMiB) => ({
    cpuMillicores: WATCH_CPU_MILLICORES,
    memoryMiB,
    pods: 1 + DRAINED,
  }));
  return [...services, ...releases, ...tasks, ...watching].reduce<Demand>(
    (sum, { pods, cpuMillicores, memoryMiB }) => ({
      pods: sum.pods + pods,
      cpuMillicores: sum.cpuMillicores + pods * cpuMillicores,
      memoryMiB: sum.memoryMiB + pods * memoryMiB,
    }),
    { pods: 0, cpuMillicores: 0, memoryMiB: 0 },
  );
}

function metadata(graph: PlatformGraph, namespace: string): Manifest['metadata'] {
  return { name: graph.name, namespace };
}
