import type { CommandResult, ProgramClone } from '../../end-to-end/program-clone.ts';

/** What sh(1) says of all that it has started and waited for: user and system time, in its last line. */
const OF_CHILDREN = /(\d+)m([\d.]+)s (\d+)m([\d.]+)s\s*$/;

/** A command that has ended, and what it and all that it started took of processors. */
export interface MeasuredCommand extends CommandResult {
  readonly processorSeconds: number;
}

/** Runs a command of a clone to its end. Processor time tells the same on a machine that others use too. */
export async function measured(
  clone: ProgramClone,
  args: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<MeasuredCommand> {
  const script = '"$@"; code=$?; times >&2; exit $code';
  const command = [process.execPath, 'tools/meridian/main.ts', ...args];
  const ended = await clone.run('sh', ['-c', script, 'sh', ...command], {
    NODE_OPTIONS: '',
    ...environment,
  });
  const [, ...told] = OF_CHILDREN.exec(ended.stderr) ?? [];
  if (told.length === 0) throw new Error(`sh told no times: ${ended.stderr}`);
  const [userMinutes = 0, user = 0, systemMinutes = 0, system = 0] = told.map(Number);
  return { ...ended, processorSeconds: 60 * (userMinutes + systemMinutes) + user + system };
}
