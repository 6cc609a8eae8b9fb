import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** What jest's JSON says of a suite. */
export interface SuiteResult {
  /** The suite's file. */
  readonly name: string;
  readonly status: string;
  /** What went wrong in it, all in one. */
  readonly message: string;
  readonly assertionResults: readonly {
    readonly status: string;
    readonly fullName: string;
    readonly failureMessages?: readonly string[];
  }[];
}

/** So much of a message tells which failure it is; the rest is where jest showed it. */
const SHOWN_CHARACTERS = 300;

/** Each test that failed, and each suite that failed outside of its tests, with the beginning of why. */
export function failedTests(suites: readonly SuiteResult[], folder: string): readonly string[] {
  return suites.flatMap(({ name, status, message, assertionResults }) => {
    const suite = path.relative(folder, name);
    const failed = assertionResults.filter((each) => each.status === 'failed');
    if (status === 'failed' && failed.length === 0) return [`${suite}: ${beginning(message)}`];
    return failed.map(
      ({ fullName, failureMessages = [] }) =>
        `${suite}: ${fullName}: ${beginning(failureMessages.join('\n'))}`,
    );
  });
}

/** Of a message, in one line, without where in the code it was thrown. */
function beginning(message: string): string {
  const [said = ''] = stripVTControlCharacters(message).split(/\n\s+at /);
  const line = said.replaceAll(/\s+/g, ' ').trim();
  return line.length > SHOWN_CHARACTERS ? `${line.slice(0, SHOWN_CHARACTERS)} …` : line;
}
