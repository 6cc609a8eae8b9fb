import { priorityClass } from '../cluster/priority-classes.ts';
import { declarePart } from '../kubernetes/declare-part.ts';
import type * as k8s from '../kubernetes/k8s.ts';
import { selectorLabels } from '../kubernetes/labels.ts';
import type { KubernetesLowering } from '../kubernetes/lowering.ts';
import type { KubernetesPart, Manifest } from '../kubernetes/manifest.ts';
import { networkPolicy } from '../kubernetes/network-policy.ts';
import type { TaskNode } from '../model/graph.ts';
import { configurationAnnotations } from '../service/chart/names.ts';
import type { Configured } from '../service/chart/names.ts';
import type { NounLanding } from '../noun-landing.ts';
import {
  clusterCallBindings,
  engineUses,
  telemetryBinding,
} from '../service/kubernetes/lower-services.ts';
import { egressRules } from '../service/kubernetes/network-rules.ts';
import { identityConfiguration, serviceFile } from '../service/service-configuration.ts';
import { taskPod } from './task-pod.ts';
import type { TaskLanding } from './task.ts';

/** A run that takes longer has gone wrong. */
const DEADLINE_SECONDS = 3_600;

/** How long a finished run can be looked at. */
const KEPT_SECONDS = 86_400;

/** Never by itself: a CronJob needs some time, and this one is suspended. */
const NEVER = '0 0 1 1 *';

/** A task, and the zone that is said to run it: the scheduler may choose any. */
export interface KubernetesTask extends KubernetesPart {
  readonly name: string;
  readonly zone: string;
}

/** Every task of the graph. */
export function lowerTasks(context: KubernetesLowering): readonly KubernetesTask[] {
  const { graph, settings } = context;
  return graph.tasks.map((task) => ({
    name: task.name,
    zone: settings.zones[0]?.name ?? '',
    steps: [{ manifests: manifests(context, task) }],
  }));
}

/** Declares the tasks in the cluster. */
export function landTasks(lowered: readonly KubernetesTask[]): TaskLanding {
  return (parent, _name, args) => {
    const task = lowered.find(({ name }) => name === args.task);
    if (task === undefined) throw new Error(`Task '${args.task}' is not landed`);
    declarePart(task, { parent, dependsOn: [...args.zones.foundation, ...args.after] });
    return { zone: task.zone };
  };
}

/** A template of a run: `kubectl create job <run> --from=cronjob/<task>` makes one of it. */
function manifests(context: KubernetesLowering, task: TaskNode): readonly Manifest[] {
  const { graph, settings, version } = context;
  const { name } = task;
  const place = { namespace: graph.namespace, labels: selectorLabels(graph, name) };
  const configured: Configured = {
    name,
    configuration: serviceFile(
      identityConfiguration(graph, name, { version, environment: settings.environment }),
    ),
    bindings: { ...clusterCallBindings(context, name), ...telemetryBinding(context) },
  };
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, ...place },
    automountServiceAccountToken: false,
  } satisfies k8s.ServiceAccount;
  const cronJob = {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name, ...place, annotations: { 'meridian/summary': task.summary } },
    spec: {
      schedule: NEVER,
      suspend: true,
      concurrencyPolicy: 'Forbid',
      jobTemplate: {
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: DEADLINE_SECONDS,
          ttlSecondsAfterFinished: KEPT_SECONDS,
          template: {
            metadata: {
              labels: place.labels,
              annotations: { ...configurationAnnotations(configured) },
            },
            spec: {
              ...taskPod(context, task, configured),
              priorityClassName: priorityClass(graph, 'task'),
            },
          },
        },
      },
    },
  } satisfies k8s.CronJob;
  return [account, policy(context, name), cronJob];
}

/** A task is called by nobody, and calls what it declares. */
function policy(context: KubernetesLowering, name: string): Manifest {
  const { graph } = context;
  return networkPolicy({
    name,
    namespace: graph.namespace,
    pods: selectorLabels(graph, name),
    ingress: [],
    egress: egressRules(context, name, engineUses(context, name)),
  });
}

/** Tasks in a cluster. */
export const kubernetesTasks: NounLanding<
  KubernetesLowering,
  readonly KubernetesTask[],
  unknown,
  TaskLanding
> = { lower: lowerTasks, land: landTasks };
