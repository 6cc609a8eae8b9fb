import type { ChildProcess } from 'node:child_process';

/** What a shell says of a command that SIGPIPE ended: 128 and the signal's number (signal(7)). */
const BROKEN_PIPE_EXIT = 141;

/**
 * What happens when the reader of the output, such as `head`, has seen enough. A command that does something
 * goes on to its end in silence, and its exit code tells what came of it. One that only prints ends at
 * once, as if by the signal that Node.js keeps from it.
 */
export function goOnWithoutReader(onlyPrints: boolean): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (onlyPrints) process.exit(BROKEN_PIPE_EXIT);
    });
  }
}

/**
 * Shows what a child prints, if it prints to pipes: it goes on when our reader has gone, while a write to
 * the reader itself would end it in the midst of its work. Quiet, all of it goes to standard error.
 */
export function showOutput(
  { stdout, stderr }: Pick<ChildProcess, 'stdout' | 'stderr'>,
  { quiet }: { readonly quiet: boolean },
): void {
  const target = quiet ? process.stderr : process.stdout;
  stdout?.on('data', (chunk: Buffer) => target.write(chunk));
  stderr?.on('data', (chunk: Buffer) => process.stderr.write(chunk));
}
