import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { PlainOutput } from './plain-output.ts';
import { residentBytes } from './resident-memory.ts';
import { SANDBOX_ENVIRONMENT, sandboxed } from './sandboxed.ts';
import type { SandboxWay } from './sandboxed.ts';
import type { SandboxSpec } from './sandbox-spec.ts';

/** How a command in a sandbox ended. */
export interface SandboxEnd {
  /** Null where a signal ended it. */
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The limit for which it was ended from outside. */
  readonly stoppedFor?: 'time' | 'memory';
}

/** Takes what a command prints, made plain. */
export interface SandboxOutput {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

/** A command that runs in a sandbox. */
export interface SandboxRun {
  /** The process outside by which all of the sandbox ends. */
  readonly process: ChildProcess;
  readonly ended: Promise<SandboxEnd>;
}

const WATCH_MS = 250;

/** Starts a command in a sandbox, watches its memory and time, and passes on what it prints. */
export function runSandboxed(
  spec: SandboxSpec,
  way: SandboxWay,
  output: SandboxOutput,
): SandboxRun {
  const [file, ...args] = sandboxed(spec, way);
  const { limits } = spec;
  const child = spawn(file, args, {
    cwd: '/',
    env: SANDBOX_ENVIRONMENT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stoppedFor: SandboxEnd['stoppedFor'];
  const stop = (reason: SandboxEnd['stoppedFor']): void => {
    stoppedFor ??= reason;
    child.kill('SIGKILL');
  };
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const plain = new PlainOutput(limits.outputBytes, output[name]);
    child[name].on('data', (chunk: Buffer) => plain.write(chunk));
    return plain;
  });
  const time = setTimeout(() => stop('time'), limits.wallMs);
  const memory = setInterval(() => {
    if (child.pid !== undefined && residentBytes(child.pid) > limits.memoryBytes) stop('memory');
  }, WATCH_MS);
  const ended = new Promise<SandboxEnd>((resolve, reject) => {
    const settle = (): void => {
      clearTimeout(time);
      clearInterval(memory);
    };
    child.on('error', (error) => {
      settle();
      reject(error);
    });
    child.on('close', (exitCode, signal) => {
      settle();
      for (const plain of streams) plain.end();
      resolve({ exitCode, signal, ...(stoppedFor === undefined ? {} : { stoppedFor }) });
    });
  });
  return { process: child, ended };
}
