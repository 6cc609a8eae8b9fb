import type { KubernetesContext } from '../kubernetes/lowering.ts';
import type { TaskLanding } from './task.ts';

/** A task and the first zone of the stack. */
export interface KubernetesTask {
  readonly name: string;
  readonly zone: string;
}

/** Every task of the graph. */
export function lowerTasks({ graph, settings }: KubernetesContext): readonly KubernetesTask[] {
  return graph.tasks.map(({ name }) => ({ name, zone: settings.zones[0]?.name ?? '' }));
}

/** Declares the tasks in the cluster. */
export function landTasks(lowered: readonly KubernetesTask[]): TaskLanding {
  return (_parent, name) => {
    const task = lowered.find((candidate) => candidate.name === name);
    if (task === undefined) throw new Error(`Task '${name}' is not landed`);
    return { zone: task.zone };
  };
}
