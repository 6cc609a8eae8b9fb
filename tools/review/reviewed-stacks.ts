import { readdirSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';

const ALL = 'all';

/**
 * The stacks that a review is of: those that have a file of settings on one side.
 *
 * @param wanted a stack, or 'all'
 * @param folders both sides
 * @throws {CodedError} STACK_UNKNOWN
 */
export function stacksOf(wanted: string, folders: readonly string[]): readonly string[] {
  const names = [...new Set(folders.flatMap(stacksIn))].toSorted();
  if (wanted === ALL) return names;
  if (names.includes(wanted)) return [wanted];
  const known = [...names, ALL].map((name) => `'${name}'`).join(', ');
  throw new CodedError(
    'STACK_UNKNOWN',
    `Stack '${wanted}': must be one of ${known}, got '${wanted}'; choose one with --stack, or declare it in stacks/stacks.ts with a Pulumi.${wanted}.yaml`,
  );
}

const SETTINGS = /^Pulumi\.([a-z][a-z0-9-]*)\.yaml$/;

function stacksIn(folder: string): readonly string[] {
  return readdirSync(folder).flatMap((file) => SETTINGS.exec(file)?.[1] ?? []);
}
