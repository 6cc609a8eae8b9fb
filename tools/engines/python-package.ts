import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { checkDigest } from './cache.ts';
import type { Progress } from './engine.ts';
import { CommandMissingError, run } from './run.ts';

/** A wheel on PyPI, pinned. */
export interface PythonPackage {
  readonly package: string;
  readonly version: string;
  /** SHA-256 in hex; without it, pip's own check against the index must do. */
  readonly sha256?: string;
}

/**
 * Fetches a wheel with the ordinary pip, holds it against its checksum and unpacks it.
 *
 * @throws {CodedError} CLIENT_MISSING when the machine has no pip
 */
export async function unpackPythonPackage(
  wanted: PythonPackage,
  target: string,
  progress: Progress,
): Promise<void> {
  progress.report(`pip download ${wanted.package}==${wanted.version}`);
  await byPip(`${wanted.package} ${wanted.version}`, () =>
    run({
      argv: [
        'python3',
        '-m',
        'pip',
        'download',
        '--disable-pip-version-check',
        '--no-deps',
        '--only-binary=:all:',
        '--dest',
        target,
        `${wanted.package}==${wanted.version}`,
      ],
      signal: progress.signal,
    }),
  );
  const wheel = readdirSync(target).find((file) => file.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip ended well but left no wheel of ${wanted.package}`);
  const file = path.join(target, wheel);
  if (wanted.sha256 !== undefined) await checkDigest(file, wanted.sha256);
  progress.report(`unpacking ${wheel}`);
  await run({ argv: ['python3', '-m', 'zipfile', '-e', file, target], signal: progress.signal });
}

/**
 * Runs a command of pip's, or of the Python that it belongs to.
 *
 * @param wanted what it is to fetch
 * @throws {CodedError} CLIENT_MISSING when the machine has none
 */
export async function byPip<Result>(
  wanted: string,
  command: () => Promise<Result>,
): Promise<Result> {
  try {
    return await command();
  } catch (error) {
    const noPip = error instanceof CodedError && error.message.includes('No module named pip');
    if (!(error instanceof CommandMissingError) && !noPip) throw error;
    throw new CodedError(
      'CLIENT_MISSING',
      `Client 'pip': must be there to fetch ${wanted} from PyPI, got none; install Python 3 with pip (Debian: apt-get install python3-pip).`,
      { cause: error },
    );
  }
}
