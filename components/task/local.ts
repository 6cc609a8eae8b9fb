import type { ProcessSpec } from '@meridian/provider-local/process-spec.ts';
import { Process } from '@meridian/provider-local/resources/process.ts';
import { firstZone } from '../local/addresses.ts';
import { merged } from '../local/binding-folder.ts';
import type { LoweringContext } from '../local/lowering.ts';
import type { TaskNode } from '../model/graph.ts';
import type { NounLanding } from '../noun-landing.ts';
import { KIT_ENVIRONMENT } from '../service/kit-process.ts';
import {
  callFiles,
  configurationFile,
  engineUses,
  identities,
  NODE_COMMAND,
  processConfiguration,
  telemetryUse,
} from '../service/service-files.ts';
import type { TaskLanding } from './task.ts';

/** A task and the zone that runs it: the first, where the database is too. */
export interface LocalTask {
  readonly zone: string;
  readonly process: ProcessSpec;
}

/** Every landed task. */
export function lowerTasks(context: LoweringContext): readonly LocalTask[] {
  const zone = firstZone(context.graph);
  return context.graph.tasks.map((task) => ({
    zone: zone.name,
    process: taskProcess(context, task, zone.name),
  }));
}

function taskProcess(context: LoweringContext, task: TaskNode, zone: string): ProcessSpec {
  const { graph, sources } = context;
  const calls = callFiles(context, task.name);
  const uses = engineUses(context, task.name);
  const telemetry = telemetryUse(context);
  // A task listens to nobody, so its placement has no address.
  const placement = { name: task.name, zone, address: '' };
  return {
    name: task.name,
    revision: sources.revisions[task.name] ?? '',
    command: [...NODE_COMMAND, `\${program}/${task.entry}`],
    environment: KIT_ENVIRONMENT,
    files: {
      ...configurationFile(processConfiguration(context, task.name, placement)),
      ...calls.files,
      ...telemetry.files,
      ...merged(uses.map(({ files }) => files)),
    },
    liveFiles: { ...calls.liveFiles, ...telemetry.liveFiles },
    identities: identities(graph, task.name, ['client'], uses),
    listens: [],
    readiness: { kind: 'none' },
    stop: { signal: 'SIGTERM', graceSeconds: 10 },
    onRenew: 'none',
    runs: 'on-demand',
    data: false,
  };
}

/** Gives the tasks to the agent of their zone. */
export function landTasks(lowered: readonly LocalTask[]): TaskLanding {
  return (parent, name, args) => {
    const task = lowered.find(({ process }) => process.name === args.task);
    if (task === undefined) throw new Error(`Task '${args.task}' is not landed`);
    const host = args.zones.host(task.zone);
    new Process(
      `${name}-process`,
      { zone: host.zone, spec: task.process },
      {
        parent,
        dependsOn: [host.resource, ...args.after],
        deletedWith: host.resource,
      },
    );
    return { zone: task.zone };
  };
}

/** Tasks on this machine. */
export const localTasks: NounLanding<
  LoweringContext,
  readonly LocalTask[],
  undefined,
  TaskLanding
> = { lower: lowerTasks, land: landTasks };
