import { AgentClient } from '@meridian/provider-local/agent-client.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { localFolders } from './places.ts';
import { zoneStatuses, type KnownZone } from './zones.ts';

/** A running zone that has a task, and what the other zones say. */
export interface TaskHome {
  readonly zone: string;
  readonly zones: readonly KnownZone[];
}

/**
 * Finds the zone that has a task.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function findTask(task: string): Promise<TaskHome> {
  const zones = await zoneStatuses(localFolders());
  const home = zones.find(({ status }) => status?.processes.some(({ name }) => name === task));
  if (home === undefined) {
    throw new CodedError(
      'PLATFORM_NOT_RUNNING',
      `Task '${task}': must be in a zone that runs, got none; bring the platform up with 'npm start' first.`,
    );
  }
  return { zone: home.zone, zones };
}

/** How a task that prints a result ended. */
export interface TaskResult {
  readonly exitCode: number;
  /** What it printed on standard output. */
  readonly output: string;
}

/** Runs a task in its zone for what it prints; what it says on standard error is shown. */
export async function taskResult(
  { zone }: TaskHome,
  task: string,
  args: readonly string[] = [],
): Promise<TaskResult> {
  const lines: string[] = [];
  for await (const event of new AgentClient(localFolders(), zone).run(task, args)) {
    if ('exitCode' in event) return { exitCode: event.exitCode, output: lines.join('\n') };
    if (event.stream === 'stdout') lines.push(event.line);
    else process.stderr.write(`${event.line}\n`);
  }
  throw new Error(`Task '${task}': its agent did not say how it ended`);
}

/** Runs a task in its zone, shows what it prints (quiet, on standard error), and gives its exit code. */
export async function runTask(
  { zone }: TaskHome,
  task: string,
  args: readonly string[],
  { quiet }: { readonly quiet: boolean } = { quiet: false },
): Promise<number> {
  let exitCode = 1;
  for await (const event of new AgentClient(localFolders(), zone).run(task, args)) {
    if ('exitCode' in event) exitCode = event.exitCode;
    else process[quiet ? 'stderr' : event.stream].write(`${event.line}\n`);
  }
  return exitCode;
}
