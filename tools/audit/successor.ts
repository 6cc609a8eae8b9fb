import { countText } from '../meridian/output/count-text.ts';
import { printJson } from '../meridian/output/print-json.ts';
import { outputs } from '../meridian/output/schemas.ts';
import type { Output } from '../meridian/output/schemas.ts';
import { findTask, taskResult } from '../meridian/run-task.ts';

const task = 'audit-succession';

type Succession = Extract<Output<'audit'>, { action: 'successor' }>;

/**
 * Begins the next audit log where one has stopped, or says how the log is.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function successor(options: {
  readonly yes?: boolean;
  /** Also where rows are not what was sealed, or the log could go on. */
  readonly anyway?: boolean;
  readonly json?: boolean;
}): Promise<number> {
  const begin = options.anyway === true ? 'begin-anyway' : 'begin';
  const step = options.yes === true ? begin : 'look';
  const { exitCode, output } = await taskResult(await findTask(task), task, [step]);
  if (exitCode !== 0) return exitCode;
  const told = outputs.audit.parse({
    action: 'successor',
    ...(JSON.parse(output) as object),
  }) as Succession;
  if (options.json === true) printJson<'audit'>(told);
  else process.stdout.write(`${textOf(told)}\n`);
  return 0;
}

function textOf({ origin, treeSize, stoppedBecause, began, despite }: Succession): string {
  const log = `Log ${origin} with ${countText(treeSize)} published entries`;
  if (began !== null) {
    const changed = despite === '' ? '' : `NOT as it was sealed, and sealed again: ${despite}.\n`;
    return `${changed}${log} has ended; log ${began} begins with its last head and what the database has, once audit has restarted: 'npm stop', then 'npm start'.`;
  }
  if (stoppedBecause === '') return `${log} has not stopped: there is nothing to succeed.`;
  return `${log} has stopped: ${stoppedBecause}.\nNothing was done: the same with --yes ends it for good and begins its successor.`;
}
