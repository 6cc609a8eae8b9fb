import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { CodedError } from '@meridian/language/coded-error.ts';
import { isSystemError } from '@meridian/language/thrown.ts';
import { bootId, identify, isSameProcess } from '../../machine/process-table.ts';
import type { ProcessIdentity } from '../../machine/process-table.ts';

/** How an agent ends that finds another one of its zone (sysexits EX_TEMPFAIL). */
export const ANOTHER_RUNS = 75;

const holderSchema = z.object({ pid: z.int(), startTime: z.string(), bootId: z.string() });
type Holder = z.infer<typeof holderSchema>;

/** The living agent that holds the lock, if any. */
export function lockHolder(folder: string): ProcessIdentity | undefined {
  const latest = generations(folder).at(-1);
  return latest === undefined ? undefined : livingHolder(folder, latest);
}

/**
 * Takes the zone's lock for this process, until it ends: being dead releases it.
 *
 * A lock is a file of a generation. One whose holder is dead is passed over by making the next
 * generation with link(2), which exactly one process can do; it counts if it is still the highest
 * afterwards. So no living lock is ever removed, whatever two starters do at once.
 * @returns whether it is still held: it is not when somebody has removed the zone's folder
 * @throws {CodedError} ZONE_LOCKED naming the holder
 */
export function takeZoneLock(folder: string, zone: string): () => boolean {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const own = identify(process.pid);
  if (own === undefined) {
    throw new Error(`/proc does not show this process (${process.pid})`);
  }
  sweepTemporaries(folder);
  const temporary = join(folder, `.${process.pid}-${own.startTime}.tmp`);
  try {
    writeFileSync(temporary, JSON.stringify({ ...own, bootId: bootId() } satisfies Holder), {
      mode: 0o600,
    });
    let generation: number | undefined;
    while (generation === undefined) {
      // Once more where somebody else was faster.
      generation = tryTake(folder, zone, temporary);
    }
    const taken = generation;
    return () => {
      const holder = livingHolder(folder, taken);
      return holder?.pid === own.pid;
    };
  } finally {
    rmSync(temporary, { force: true });
  }
}

/** Removes what starters that were killed have left, by the process that each is named after. */
function sweepTemporaries(folder: string): void {
  for (const name of readdirSync(folder)) {
    const [, pid, startTime] = /^\.(\d+)-(\d+)\.tmp$/.exec(name) ?? [];
    if (
      pid !== undefined &&
      startTime !== undefined &&
      !isSameProcess({ pid: Number(pid), startTime })
    ) {
      rmSync(join(folder, name), { force: true });
    }
  }
}

function tryTake(folder: string, zone: string, temporary: string): number | undefined {
  const latest = generations(folder).at(-1) ?? 0;
  const holder = latest === 0 ? undefined : livingHolder(folder, latest);
  if (holder !== undefined) {
    throw new CodedError(
      'ZONE_LOCKED',
      `Zone '${zone}': an agent runs already (pid ${holder.pid}); 'npm stop' stops it`,
    );
  }
  const mine = latest + 1;
  try {
    linkSync(temporary, generationFile(folder, mine));
  } catch (thrown) {
    if (isSystemError(thrown, 'EEXIST')) {
      return undefined;
    }
    throw thrown;
  }
  const all = generations(folder);
  if (all.at(-1) !== mine) {
    rmSync(generationFile(folder, mine), { force: true });
    return undefined;
  }
  for (const older of all.slice(0, -1)) {
    rmSync(generationFile(folder, older), { force: true });
  }
  return mine;
}

function livingHolder(folder: string, generation: number): ProcessIdentity | undefined {
  const holder = readHolder(generationFile(folder, generation));
  return holder?.bootId === bootId() && isSameProcess(holder) ? holder : undefined;
}

/** A lock appears whole under its name; one that is torn went through a power cut, as its holder did. */
function readHolder(file: string): Holder | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
      return undefined;
    }
    throw thrown;
  }
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function generations(folder: string): readonly number[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (thrown) {
    if (isSystemError(thrown, 'ENOENT')) {
      return [];
    }
    throw thrown;
  }
  return names
    .filter((name) => /^\d+\.json$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((left, right) => left - right);
}

function generationFile(folder: string, generation: number): string {
  return join(folder, `${generation}.json`);
}
