import { tmpdir } from 'node:os';
import { CodedError } from '@meridian/language/coded-error.ts';
import { run } from './run.ts';

/** A Go module that is read and not built, with its checksum as in go.sum. */
export interface GoModule {
  readonly module: string;
  readonly version: string;
  readonly sum: string;
}

/**
 * Downloads a Go module into Go's own module cache.
 *
 * @param go the `go` command
 * @returns the module's folder
 * @throws {CodedError} CHECKSUM_MISMATCH
 */
export async function downloadGoModule(
  go: string,
  { module, version, sum }: GoModule,
): Promise<string> {
  const answer = await run({
    argv: [go, 'mod', 'download', '-json', `${module}@v${version}`],
    // Outside of any module: what is asked for is named with its version.
    cwd: tmpdir(),
  });
  const { Dir, Sum } = JSON.parse(answer) as { readonly Dir: string; readonly Sum: string };
  if (Sum === sum) return Dir;
  throw new CodedError(
    'CHECKSUM_MISMATCH',
    `Go module '${module}' ${version}: the checksum must be ${sum}, got ${Sum}; the module was altered after it was pinned.`,
  );
}
