import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { expandPlaceholders } from '../../folders.ts';
import type { Placeholders } from '../../folders.ts';
import { CodedError } from '@meridian/language/coded-error.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import { readUnlessTorn, removeFileDurably, writeFileAtomic } from '../../machine/atomic-file.ts';
import type { Child } from './child.ts';

const recordSchema = z.object({ dataWasEmpty: z.boolean() });

const PREPARE_TIMEOUT_MS = 300_000;

/** What a preparation needs from its process. */
export interface PrepareOptions {
  readonly spec: ProcessSpec;
  readonly placeholders: Placeholders;
  /** There from before the command until after it: tells a preparation that was cut short. */
  readonly record: string;
  readonly launch: (command: readonly string[]) => Promise<Child>;
  /** Ends the preparation at once. */
  readonly stopped: AbortSignal;
}

/**
 * Whether the preparation has to run: its result is missing, or it was cut short. A record that is
 * torn says neither that nor whose the data are: it is taken for absent, and data are left alone.
 */
export async function needsPrepare(
  options: Omit<PrepareOptions, 'launch' | 'stopped'>,
): Promise<boolean> {
  const { prepare } = options.spec;
  if (prepare === undefined) {
    return false;
  }
  const creates = expandPlaceholders(prepare.creates, options.placeholders);
  return (
    (await readEarlier(options.record)) !== undefined ||
    !existsSync(resolve(options.placeholders.self, creates))
  );
}

/**
 * Runs a process's preparation. One that was cut short or failed may have left half of its result
 * (initdb writes PG_VERSION early and refuses a folder that is not empty), so data that it began from
 * nothing are removed first; data that were there before are never touched.
 * @throws {CodedError} PREPARE_FAILED
 */
export async function runPrepare(options: PrepareOptions): Promise<void> {
  const { spec, placeholders, record, stopped } = options;
  const command = spec.prepare?.command ?? [];
  const earlier = await readEarlier(record);
  if (spec.data && earlier?.dataWasEmpty === true) {
    await emptyFolder(placeholders.data);
  }
  const dataWasEmpty = spec.data && (await readdir(placeholders.data)).length === 0;
  await writeFileAtomic(record, JSON.stringify({ dataWasEmpty }));
  const child = await options.launch(command);
  const timeout = AbortSignal.timeout(PREPARE_TIMEOUT_MS);
  const cut = AbortSignal.any([stopped, timeout]);
  const kill = () => child.signal('SIGKILL');
  cut.addEventListener('abort', kill);
  if (cut.aborted) {
    kill();
  }
  const exit = await child.exited;
  cut.removeEventListener('abort', kill);
  stopped.throwIfAborted();
  if (exit.code !== 0) {
    const how = timeout.aborted
      ? `did not end in ${PREPARE_TIMEOUT_MS / 1000} s`
      : `ended with ${exit.signal ?? exit.code ?? 'nothing'}`;
    throw new CodedError(
      'PREPARE_FAILED',
      `Process '${spec.name}': its preparation (${command.join(' ')}) ${how}`,
    );
  }
  // For good: a record that a power cut brought back would have the data of a server that ran removed.
  await removeFileDurably(record);
}

async function readEarlier(record: string): Promise<z.infer<typeof recordSchema> | undefined> {
  return readUnlessTorn(record, (text) => recordSchema.parse(JSON.parse(text)));
}

async function emptyFolder(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    await rm(join(folder, name), { recursive: true, force: true });
  }
}
