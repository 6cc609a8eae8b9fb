import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { STARTED_ENGINES_FILE } from '@meridian/provider-local/testing/engine-started.ts';
import type { Departed } from './departed.ts';
import type { SuiteOrder, SuiteOutcome } from './suite-outcome.ts';

/** The shell's `times` after the suite: what it and all that it waited for took (POSIX.1, times). */
const MEASURED = '"$@"; code=$?; times >&4; exit $code';

/** One run of a suite in a process of its own. */
export interface SuiteRun {
  /** Undefined if it ended before its tests did. */
  readonly outcome: SuiteOutcome | undefined;
  /** How the process ended, in words. */
  readonly end: string;
  /** What it printed. */
  readonly output: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly cpuSeconds: number;
  readonly engines: Readonly<Record<string, number>>;
}

/** What a run needs beside its order. */
export interface SuiteSurroundings {
  /** Keeps an eye on what leaves the suite's tree of processes. */
  readonly departed: Departed;
  /** Added to this process's own environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Called with what ends the suite early. */
  readonly onStart?: (end: () => void) => void;
}

/** Runs a suite to its end; never throws for what the suite does. */
export async function runSuite(
  order: SuiteOrder,
  { departed, environment, onStart }: SuiteSurroundings,
): Promise<SuiteRun> {
  const folder = mkdtempSync(path.join(tmpdir(), 'msuite-'));
  const engines = path.join(folder, 'engines');
  const startedAt = Date.now();
  const suite = fileURLToPath(new URL('suite.ts', import.meta.url));
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', suite];
  const child = spawn('sh', ['-c', MEASURED, 'sh', ...command, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc', 'pipe'],
    env: { ...process.env, ...environment, [STARTED_ENGINES_FILE]: engines },
  });
  onStart?.(() => child.disconnect());
  const { pid = 0 } = child;
  departed.watch(pid);
  const output = textOf(child.stdout, child.stderr);
  const times = textOf(child.stdio[4]);
  let outcome: SuiteOutcome | undefined;
  child.on('message', (message) => (outcome = message as SuiteOutcome));
  try {
    const end = await new Promise<string>((resolve, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) =>
        resolve(signal === null ? `exit code ${String(code)}` : signal),
      );
    });
    const cpuSeconds = secondsOfTimes(times()) + departed.secondsOf(pid);
    return {
      ...{ outcome, end, output: output(), startedAt, endedAt: Date.now(), cpuSeconds },
      engines: counted(engines),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function textOf(...streams: readonly unknown[]): () => string {
  let text = '';
  for (const stream of streams as readonly NodeJS.ReadableStream[]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  return () => text;
}

/** Seconds of the children in what `times` prints: user and system of the shell, then of its children. */
export function secondsOfTimes(times: string): number {
  const [, children = ''] = times.split('\n');
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + 60 * Number(minutes) + Number(seconds),
    0,
  );
}

function counted(file: string): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  for (const line of lines.filter((name) => name !== '')) counts[line] = (counts[line] ?? 0) + 1;
  return counts;
}
