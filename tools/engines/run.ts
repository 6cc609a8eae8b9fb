import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';

/** What to run, and how to speak of it when it fails. */
export interface Command {
  readonly argv: readonly [string, ...string[]];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Whether that is all of its environment. A client that installs something needs the caller's too:
   * proxies, settings, credentials. @default false
   */
  readonly isolated?: boolean;
  /** All output goes to this file as well. */
  readonly logFile?: string;
  /** Ends the command and whatever it has started: those are a group of their own. */
  readonly signal?: AbortSignal;
  /** Called with the newest line, to show progress. */
  readonly onLine?: (line: string) => void;
}

/** Thrown by `run` when the command cannot be found on the PATH. */
export class CommandMissingError extends Error {
  override readonly name = 'CommandMissingError';
}

/**
 * Runs a client to its end and returns its standard output.
 *
 * @throws {CommandMissingError} when there is no such command
 * @throws {CodedError} COMMAND_FAILED with the last lines of its output
 */
export async function run(command: Command): Promise<string> {
  const [file, ...args] = command.argv;
  if (command.logFile !== undefined) mkdirSync(path.dirname(command.logFile), { recursive: true });
  const log = command.logFile === undefined ? undefined : createWriteStream(command.logFile);
  const stdout: string[] = [];
  let tail: string[] = [];
  return await new Promise<string>((resolve, reject) => {
    const child = spawn(file, args, {
      cwd: command.cwd,
      env: { ...(command.isolated === true ? {} : process.env), ...command.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: command.signal !== undefined,
    });
    const end = (): void => endGroup(child.pid);
    command.signal?.addEventListener('abort', end);
    if (command.signal?.aborted === true) end();
    const keep = (chunk: string): void => {
      log?.write(chunk);
      const lines = chunk.split('\n').filter((line) => line.trim() !== '');
      tail = [...tail, ...lines].slice(-12);
      const newest = lines.at(-1);
      if (newest !== undefined) command.onLine?.(newest);
    };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout.push(chunk);
      keep(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', keep);
    child.on('error', (cause) => {
      log?.end();
      const missing = 'code' in cause && cause.code === 'ENOENT';
      reject(missing ? new CommandMissingError(`'${file}' is not on the PATH`, { cause }) : cause);
    });
    child.on('close', (code, signal) => {
      log?.end();
      command.signal?.removeEventListener('abort', end);
      if (code === 0) {
        resolve(stdout.join(''));
        return;
      }
      if (command.signal?.aborted === true) {
        reject(command.signal.reason as Error);
        return;
      }
      reject(
        new CodedError(
          'COMMAND_FAILED',
          `'${command.argv.slice(0, 3).join(' ')}' ended with ${signal ?? `exit code ${String(code)}`}. Its last lines${
            command.logFile === undefined ? '' : ` (all of them in ${command.logFile})`
          }:\n  ${tail.join('\n  ')}`,
        ),
      );
    });
  });
}

/** Ends a process and what it has started: a compiler that loses its `go` would go on. */
function endGroup(leader: number | undefined): void {
  if (leader === undefined) return;
  try {
    process.kill(-leader, 'SIGTERM');
  } catch (error) {
    // It has ended by itself, and its output is still being read.
    if (!isSystemError(error, 'ESRCH')) throw error;
  }
}
