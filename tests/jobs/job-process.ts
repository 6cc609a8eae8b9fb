import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** How a program of jobs/ ended. */
export interface JobResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program of jobs/ as its image does: a process of its own, told what to do by one argument. */
export async function runProgram(
  program: string,
  order: unknown,
  { environment = {} }: { readonly environment?: Readonly<Record<string, string>> } = {},
): Promise<JobResult> {
  const main = fileURLToPath(new URL(`../../jobs/${program}/main.ts`, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--tls-min-v1.3', '--disable-warning=ExperimentalWarning', main, JSON.stringify(order)],
    { stdio: ['ignore', 'pipe', 'pipe'], env: environment },
  );
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const [stdout, stderr, exitCode] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    exited,
  ]);
  return { exitCode, stdout, stderr };
}
