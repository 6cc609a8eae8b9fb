import type * as k8s from '../kubernetes/k8s.ts';
import { cpuQuantity, memoryQuantity } from '../kubernetes/quantity.ts';
import { INSTANCE_VARIABLE } from '@meridian/language/process-folder.ts';
import type { KubernetesContext } from '../kubernetes/lowering.ts';
import { pullSecrets } from '../kubernetes/pull-secrets.ts';
import { NOBODYS_POD, READ_ONLY_CONTAINER } from '../kubernetes/restricted.ts';
import type { PlatformGraph, TaskNode } from '../model/graph.ts';
import {
  kitEnvironment,
  PROGRAM_FOLDER,
  SECRET_MODE,
  WORKING_FOLDER,
} from '../service/chart/names.ts';
import type { Configured } from '../service/chart/names.ts';
import type { Mounted } from '../service/chart/volumes.ts';
import {
  mountedCalls,
  mountedIdentity,
  podVolumes,
  volumeMounts,
} from '../service/chart/volumes.ts';
import { serviceImage } from '../service/kubernetes/lower-services.ts';
import { NODE_FLAGS } from '../service/kit-process.ts';
import { TASK_RESOURCES } from './task-resources.ts';

/** Where a task finds what it is told in files, below its working folder. */
const INPUT_FOLDER = 'input';

/** The Secret with what a task is told, a key each; whoever runs the task makes it. */
export function taskInputSecret(task: string): string {
  return `${task}-input`;
}

/** The pod of a run. What it is told comes from a Secret, and so stands in no object of the platform. */
export function taskPod(
  context: KubernetesContext,
  task: TaskNode,
  configured: Configured,
): k8s.PodSpec {
  const mounted = [...mountedIdentity(), ...mountedCalls(configured), ...mountedInput(task)];
  return {
    serviceAccountName: task.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    restartPolicy: 'Never',
    securityContext: NOBODYS_POD,
    ...pullSecrets(context.settings),
    containers: [container(context, task, mounted)],
    volumes: podVolumes(mounted),
  };
}

function container(
  context: KubernetesContext,
  task: TaskNode,
  mounted: readonly Mounted[],
): k8s.PodSpec['containers'][number] {
  const { repository, digest } = serviceImage(context, imageOwner(context.graph, task));
  const { cpuMillicores, memoryMiB } = TASK_RESOURCES;
  const memory = memoryQuantity(memoryMiB);
  return {
    name: task.name,
    image: `${repository}@${digest}`,
    imagePullPolicy: 'IfNotPresent',
    command: ['node', ...NODE_FLAGS, `${PROGRAM_FOLDER}/${task.entry}`],
    args: task.inputs.map(({ name, as }) =>
      as === 'file' ? `${WORKING_FOLDER}/${INPUT_FOLDER}/${name}` : `$(${variable(name)})`,
    ),
    workingDir: WORKING_FOLDER,
    env: environment(task),
    resources: { requests: { cpu: cpuQuantity(cpuMillicores), memory }, limits: { memory } },
    securityContext: READ_ONLY_CONTAINER,
    volumeMounts: volumeMounts(mounted),
  };
}

function environment(task: TaskNode) {
  return [
    ...kitEnvironment(),
    { name: INSTANCE_VARIABLE, valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    ...task.inputs
      .filter(({ as }) => as === 'text')
      .map(({ name }) => ({
        name: variable(name),
        valueFrom: { secretKeyRef: { name: taskInputSecret(task.name), key: name } },
      })),
  ];
}

/** The files that it is told; of the Secret only those. */
function mountedInput({ name, inputs }: TaskNode): readonly Mounted[] {
  const items = inputs
    .filter(({ as }) => as === 'file')
    .map((input) => ({ key: input.name, path: input.name }));
  if (items.length === 0) return [];
  const secret = { secretName: taskInputSecret(name), defaultMode: SECRET_MODE, items };
  return [{ folder: INPUT_FOLDER, volume: { name: INPUT_FOLDER, secret } }];
}

/** The service whose image has the task's program. Throws Error when there is none, which is a bug. */
function imageOwner({ services }: PlatformGraph, { name, entry }: TaskNode): string {
  const owner = services.find((service) => entry.startsWith(`services/${service.name}/`));
  if (owner === undefined) throw new Error(`Task '${name}': ${entry} is in no service's image`);
  return owner.name;
}

function variable(input: string): string {
  return `INPUT_${input.toUpperCase().replaceAll('-', '_')}`;
}
