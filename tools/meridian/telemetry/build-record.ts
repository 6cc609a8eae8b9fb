import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { runtimeSuffix, type Folders } from '@meridian/provider-local/folders.ts';
import { readUnlessTorn, writeFileAtomic } from '@meridian/provider-local/machine/atomic-file.ts';
import {
  bootId,
  identify,
  isSameProcess,
  type ProcessIdentity,
} from '@meridian/provider-local/machine/process-table.ts';
import { z } from 'zod';

/** Everybody of the machine may see how far a build is: root builds for the account that has the platform. */
const MODE = 0o644;

const at = z.number().describe('Wall clock, ms.');

const progressSchema = z.discriminatedUnion('phase', [
  z.strictObject({ phase: z.literal('waiting'), behind: z.string(), since: at }),
  z.strictObject({
    phase: z.literal('building'),
    engine: z.string(),
    position: z.int(),
    count: z.int(),
    since: at,
  }),
  z.strictObject({ phase: z.literal('joining'), since: at }),
  z.strictObject({ phase: z.literal('failed'), problem: z.string() }),
  z.strictObject({ phase: z.literal('built'), reason: z.string() }),
]);

/** What a background build does, or came to. */
export type BuildProgress = z.infer<typeof progressSchema>;

const recordSchema = z.strictObject({
  builder: z.strictObject({ pid: z.int(), startTime: z.string(), bootId: z.string() }),
  progress: progressSchema,
});

/** What is known of the background build of one platform's engines of telemetry. */
export interface KnownBuild {
  readonly progress: BuildProgress;
  /** Its process, as long as it lives. */
  readonly builder?: ProcessIdentity;
}

/**
 * What the background build for one platform says of itself: in the cache, to which whoever builds may write, and not
 * in the state, which is another user's where root builds.
 */
export class BuildRecord {
  /** All that the build has printed. */
  readonly log: string;
  readonly lock: string;
  readonly #file: string;

  constructor({ cache, state }: Pick<Folders, 'cache' | 'state'>) {
    const file = path.join(cache, 'telemetry-builds', runtimeSuffix(state));
    this.log = `${file}.log`;
    this.lock = `${file}.lock`;
    this.#file = `${file}.json`;
  }

  /** What was written last; undefined where nothing was, or it is torn. */
  async read(): Promise<KnownBuild | undefined> {
    const record = await readUnlessTorn(this.#file, (text) => recordSchema.parse(JSON.parse(text)));
    if (record === undefined) return undefined;
    const { builder, progress } = record;
    const lives = builder.bootId === bootId() && isSameProcess(builder);
    return { progress, ...(lives ? { builder } : {}) };
  }

  /** Says how far this process is. */
  async write(progress: BuildProgress): Promise<void> {
    const self = identify(process.pid);
    if (self === undefined) throw new Error('this process is not in the table of processes');
    const record = { builder: { ...plain(self), bootId: bootId() }, progress };
    this.makeFolder();
    await writeFileAtomic(this.#file, JSON.stringify(record), MODE);
  }

  /** Forgets the build; its log stays until the next one. */
  async remove(): Promise<void> {
    await rm(this.#file, { force: true });
  }

  makeFolder(): void {
    mkdirSync(path.dirname(this.#file), { recursive: true, mode: 0o755 });
  }
}

function plain({ pid, startTime }: ProcessIdentity): ProcessIdentity {
  return { pid, startTime };
}
