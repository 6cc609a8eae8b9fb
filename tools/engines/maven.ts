import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { Progress } from './engine.ts';
import { CommandMissingError, run } from './run.ts';

/**
 * Runs the ordinary Apache Maven in a folder that it may write to, so that it never finds a project
 * that it was not asked for.
 *
 * @param what the thing fetched, for messages
 * @throws {CodedError} CLIENT_MISSING when the machine has no Maven
 */
export async function runMaven(
  what: string,
  goal: readonly string[],
  progress: Progress,
): Promise<void> {
  const scratch = mkdtempSync(path.join(tmpdir(), 'meridian-mvn-'));
  try {
    await run({
      argv: ['mvn', '--batch-mode', '--quiet', '-Dstyle.color=never', ...goal],
      cwd: scratch,
      signal: progress.signal,
      onLine: (line) => progress.report(`mvn: ${line}`),
    });
  } catch (error) {
    if (!(error instanceof CommandMissingError)) throw error;
    throw new CodedError(
      'CLIENT_MISSING',
      `Client 'mvn': must be on the PATH to fetch ${what} from Maven Central, got none; install Apache Maven (Debian: apt-get install maven).`,
      { cause: error },
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
