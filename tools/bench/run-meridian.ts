import { spawn } from 'node:child_process';

/** How a command is run that is measured. */
export interface MeasuredCommand {
  /** Folder of the clone. */
  readonly root: string;
  /** Besides the variables of this process. @default nothing */
  readonly environment?: Readonly<Record<string, string>>;
  /** Hears the process once it runs, and gives what ends listening to it. @default nobody hears */
  readonly onStart?: (pid: number) => () => void;
}

/** Runs `meridian` as a user does, and gives how it ended. What it says of problems is shown. */
export async function runMeridian(
  args: readonly string[],
  { root, environment = {}, onStart }: MeasuredCommand,
): Promise<{ readonly exitCode: number; readonly stdout: string }> {
  const child = spawn(process.execPath, ['tools/meridian/main.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stdout: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => stdout.push(chunk));
  const stop = child.pid === undefined ? undefined : onStart?.(child.pid);
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(code ?? 1));
    });
    return { exitCode, stdout: stdout.join('') };
  } finally {
    stop?.();
  }
}
