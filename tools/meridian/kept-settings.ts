import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LocalStack } from '@meridian/components/local/lower-local.ts';
import { PlatformError } from '@meridian/components/model/platform-error.ts';
import type { Folders } from '@meridian/provider-local/folders.ts';
import { localStack, programFolder } from './places.ts';
import { configFile } from './pulumi-environment.ts';
import { configOf, type Settings } from './stack-config.ts';

/** The settings of the local stack by where they come from. */
export interface LocalStackSettings {
  /** Those of the program's Pulumi.local.yaml. */
  readonly fromProgram: Settings;
  /** With those that this user keeps for this machine. */
  readonly kept: Settings;
  /** With those that the command was given: what holds for it. */
  readonly all: Settings;
}

/** Reads the settings of the local stack, and puts those over them that a command was given. */
export function localStackSettings(folders: Folders, given: Settings = {}): LocalStackSettings {
  const fromProgram = configOf(path.join(programFolder, `Pulumi.${localStack}.yaml`));
  const kept = { ...fromProgram, ...ownSettings(folders) };
  return { fromProgram, kept, all: withoutEmpty({ ...kept, ...given }) };
}

/** The program's settings as they were when the configuration was last written. */
export function programConfigFile(folders: Folders): string {
  return path.join(path.dirname(configFile(folders)), 'program.json');
}

/**
 * What this user has set for this machine, by `npm start -- -c` or `pulumi config set`: the keys
 * in which the configuration differs from the program's of the time.
 */
function ownSettings(folders: Folders): Settings {
  if (!existsSync(programConfigFile(folders)) || !existsSync(configFile(folders))) return {};
  const before = JSON.parse(readFileSync(programConfigFile(folders), 'utf8')) as Settings;
  return Object.fromEntries(
    Object.entries(configOf(configFile(folders))).filter(([key, value]) => value !== before[key]),
  );
}

/**
 * Holds settings against all that the program would refuse, and gives what it makes of them. What is said
 * against a setting that was kept, and not given now, goes on to say how to forget that one: every
 * command fails on it.
 *
 * @throws {PlatformError} SETTINGS_INVALID, GRAPH_INVALID, LANDING_NOT_YET
 */
export async function checkSettings(
  { fromProgram, kept, all }: LocalStackSettings,
  given: Settings = {},
): Promise<LocalStack> {
  const { loweredStack } = await import('./lowered-stack.ts');
  try {
    return loweredStack(all);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const problems = error.problems.map((problem) => {
      const key = /^Setting '([\w-]+:\w+)/.exec(problem)?.[1] ?? '';
      const isKept = kept[key] !== undefined && kept[key] !== fromProgram[key];
      if (!isKept || given[key] !== undefined) return problem;
      const name = key.replace(/^meridian:/, '');
      return `${problem}. It was set on this machine before; to forget it: npm start -- -c ${name}=`;
    });
    const message = problems.length > 0 ? problems.join('\n') : error.message;
    throw new PlatformError(error.code, message, { cause: error, problems });
  }
}

function withoutEmpty(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== ''));
}
