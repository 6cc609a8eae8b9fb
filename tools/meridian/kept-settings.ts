import path from 'node:path';
import type { LocalStack } from '@meridian/components/local/lower-local.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { LocalSettingsFiles } from './local-settings.ts';
import { localStack, programFolder } from './places.ts';
import { configOf, withoutEmpty, type Settings } from './stack-config.ts';

/** The settings of the local stack by where they come from. */
export interface LocalStackSettings {
  /** Those of the program's Pulumi.local.yaml. */
  readonly fromProgram: Settings;
  /** With those that this user keeps for this machine. */
  readonly kept: Settings;
  /** With those that the command was given: what holds for it. */
  readonly all: Settings;
  /** Of the passphrase, as far as it is known. */
  readonly salt?: string | undefined;
  /** What had to be put right in the files, in sentences. */
  readonly healed: readonly string[];
}

/** Reads the settings of the local stack, and puts those over them that a command was given. */
export function localStackSettings(
  folders: Folders,
  given: Settings = {},
  program: string = programFolder,
): LocalStackSettings {
  const fromProgram = configOf(path.join(program, `Pulumi.${localStack}.yaml`));
  const { own, ...rest } = new LocalSettingsFiles(folders).read(fromProgram);
  const kept = { ...fromProgram, ...own };
  return { ...rest, fromProgram, kept, all: withoutEmpty({ ...kept, ...given }) };
}

/** How a problem ends that says where settings are kept. */
const IN_THE_FILE = /; (set|remove) it (in|from) Pulumi\.[^;]*$/;

/**
 * Holds settings against all that the program would refuse, and gives what it makes of them. What is said
 * against a setting that was kept, and not given now, goes on to say how to forget that one: every
 * command fails on it.
 *
 * @throws {CodedError} SETTINGS_INVALID, GRAPH_INVALID, LANDING_NOT_YET
 */
export async function checkSettings(
  { fromProgram, kept, all }: LocalStackSettings,
  given: Settings = {},
): Promise<LocalStack> {
  const { loweredStack } = await import('./lowered-stack.ts');
  try {
    return await loweredStack(all);
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    const problems = error.problems.map((problem) => {
      const key = /^Setting '([\w-]+:\w+)/.exec(problem)?.[1] ?? '';
      // Where the file keeps a setting does not help somebody who gave another one just now.
      if (given[key] !== undefined) return problem.replace(IN_THE_FILE, '; it was given by -c');
      const isKept = kept[key] !== undefined && kept[key] !== fromProgram[key];
      if (!isKept) return problem;
      const name = key.replace(/^meridian:/, '');
      return `${problem}. It was set on this machine before; to forget it: npm start -- -c ${name}=`;
    });
    const message = problems.length > 0 ? problems.join('\n') : error.message;
    throw new CodedError(error.code, message, { cause: error, problems });
  }
}
