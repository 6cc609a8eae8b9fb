import { CodedError } from '@meridian/language/coded-error.ts';
import { printJson } from '../output/print-json.ts';
import { outputs } from '../output/schemas.ts';
import { findTask, taskResult } from '../run-task.ts';

const task = 'search-rebuild';

/** Options of `meridian search`. */
export interface SearchOptions {
  readonly json?: boolean;
}

/**
 * Has search rebuild its index from the catalogue, and shows how far it is.
 *
 * @throws {CodedError} SEARCH_ACTION_UNKNOWN, PLATFORM_NOT_RUNNING
 */
export async function search(action: string, options: SearchOptions): Promise<number> {
  if (action !== 'rebuild') {
    throw new CodedError(
      'SEARCH_ACTION_UNKNOWN',
      `Command 'search': must be rebuild, got '${action}'; run 'npm run search -- rebuild'`,
    );
  }
  const { exitCode, output } = await taskResult(await findTask(task), task);
  if (exitCode !== 0) return exitCode;
  if (options.json === true) printJson<'search'>(outputs.search.parse(JSON.parse(output)));
  return 0;
}
