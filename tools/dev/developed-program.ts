import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { DevelopedService } from '@meridian/components/local/lower-development.ts';
import type { LocalStack } from '@meridian/components/local/lower-local.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import { programFolder } from '../meridian/places.ts';
import type { Settings } from '../meridian/stack-config.ts';

/** The program as development needs it. */
export interface DevelopedProgram {
  /** Those that have code. */
  readonly services: readonly DevelopedService[];
  readonly withoutCode: readonly string[];
  readonly edgeUrl: string;
  /** Digest of all that a swap of replicas cannot change. */
  readonly structure: string;
}

/**
 * Lowers the program again, in a process of its own: modules that were loaded once stay as they were.
 *
 * @throws {CodedError} PROGRAM_BROKEN with what it said
 */
export async function lowerProgram(settings: Settings): Promise<DevelopedProgram> {
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      path.join(import.meta.dirname, 'lower.ts'),
      JSON.stringify(settings),
    ],
    { cwd: programFolder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (stderr += chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  if (code === 0) return JSON.parse(stdout) as DevelopedProgram;
  throw new CodedError('PROGRAM_BROKEN', `Program: cannot be read as it is now:\n${stderr.trim()}`);
}

/**
 * What of a lowered stack is neither code nor a file of a service: a change of it is Pulumi's to make.
 * Tasks run what lies there when they are run.
 */
export function structureOf({ services, tasks, ...stack }: LocalStack): string {
  const workloads = [
    ...services.flatMap(({ replicas }) => replicas.map(({ process }) => process)),
    ...tasks.map(({ process }) => process),
  ].map((process) => ({ ...process, revision: '', files: {} }));
  return createHash('sha256')
    .update(JSON.stringify({ ...stack, workloads }))
    .digest('hex');
}
