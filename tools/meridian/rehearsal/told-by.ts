import type { ChildProcessByStdio } from 'node:child_process';
import type { Readable } from 'node:stream';

/** What a process has told when it ended. */
export interface Told {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Characters that an engine may tell of a program: one of 70 services takes about 100 million. Whoever reviews would fall over a text that is longer than
 * JavaScript has any, and with that say nothing of the change.
 */
export const MOST_TOLD = 256 * 1024 * 1024;

/**
 * What a process tells until its end; undefined of one that tells more than it may, which is ended.
 *
 * @param child has just been started
 * @throws {Error} where it could not be
 */
export function toldBy(
  child: ChildProcessByStdio<null, Readable, Readable>,
  most = MOST_TOLD,
): Promise<Told | undefined> {
  const [stdout, stderr]: [string[], string[]] = [[], []];
  let length = 0;
  const keep = (chunks: string[]) => (chunk: string) => {
    length += chunk.length;
    if (length <= most) chunks.push(chunk);
    else child.kill('SIGKILL');
  };
  child.stdout.setEncoding('utf8').on('data', keep(stdout));
  child.stderr.setEncoding('utf8').on('data', keep(stderr));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve(
        length > most
          ? undefined
          : { exitCode: code ?? 1, stdout: stdout.join(''), stderr: stderr.join('') },
      );
    });
  });
}
