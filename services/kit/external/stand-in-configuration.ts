import { readFileSync } from 'node:fs';
import { CodedError } from '@meridian/language/coded-error.ts';
import { readShape } from '@meridian/language/shape.ts';
import {
  STAND_IN_CONFIGURATION,
  STAND_IN_FILE_VARIABLE,
} from '@meridian/language/stand-in-configuration.ts';
import type { StandInConfiguration } from '@meridian/language/stand-in-configuration.ts';
import { messageOf } from '@meridian/language/thrown.ts';

/**
 * Reads the configuration of a program that stands in for a system outside the platform, from the file that
 * the environment names. Throws a CodedError that lists every problem.
 */
export function readStandInConfiguration(
  environment: Readonly<Record<string, string | undefined>>,
): StandInConfiguration {
  const file = environment[STAND_IN_FILE_VARIABLE] ?? '';
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw invalid(
      file,
      `cannot be read (${messageOf(cause)}); ${STAND_IN_FILE_VARIABLE} must name a JSON file`,
      { cause },
    );
  }
  const problems: string[] = [];
  const configuration = readShape(STAND_IN_CONFIGURATION, given, problems);
  if (problems.length > 0) throw invalid(file, problems.join('; '));
  return configuration;
}

function invalid(
  file: string,
  what: string,
  options: { readonly cause?: unknown } = {},
): CodedError {
  return new CodedError('KIT_CONFIGURATION', `Configuration ${file}: ${what}`, options);
}
