import { CodedError } from '@meridian/language/coded-error.ts';
import type { Settings } from './stack-config.ts';

/** How a stack's schema says that a setting of its file is put right. */
const IN_FILE =
  /(?:(?<removed>(?:rename or )?remove it (?:from|in))|set it in) Pulumi\.[\w-]+\.yaml \(pulumi config (?:rm|set) [^;]*\)$/;

/**
 * Reads settings, and tells of those that were given to a command that they were: a stack's file does not have them.
 *
 * @throws {CodedError} SETTINGS_INVALID
 */
export async function asGiven<Value>(given: Settings, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof CodedError) || error.code !== 'SETTINGS_INVALID') throw error;
    const problems = error.problems.map((problem) => toldAsGiven(problem, Object.keys(given)));
    throw new CodedError(error.code, problems.join('\n'), { cause: error, problems });
  }
}

function toldAsGiven(problem: string, given: readonly string[]): string {
  const name = /^Setting '([^']+)'/.exec(problem)?.[1] ?? '';
  const key = given.find((one) => name === one || name.startsWith(`${one}.`));
  if (key === undefined) return problem;
  const option = `-c ${key.replace(/^meridian:/, '')}=…`;
  return problem.replace(IN_FILE, (...found: readonly unknown[]) => {
    const { removed } = found.at(-1) as { readonly removed?: string };
    return removed === undefined ? `give another one with ${option}` : `leave out ${option}`;
  });
}
