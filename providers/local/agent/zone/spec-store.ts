import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { messageOf } from '@meridian/language/thrown.ts';
import { processSpecSchema } from '../../process-spec.ts';
import type { ProcessSpec } from '../../process-spec.ts';
import {
  ensureFolder,
  isTemporary,
  readUnlessTorn,
  removeFileDurably,
  renameDurably,
  writeFileAtomic,
} from '../../machine/atomic-file.ts';

const storedSchema = z.strictObject({ order: z.int(), spec: processSpecSchema });

/** A spec with its place in the order of starts. */
export interface StoredSpec {
  readonly order: number;
  readonly spec: ProcessSpec;
}

/** What the folder held when the agent began. */
export interface LoadedSpecs {
  /** In the order of starts. */
  readonly specs: readonly StoredSpec[];
  /** Names of processes whose deletion was begun and not finished. */
  readonly deleting: readonly string[];
  /** Files that are torn, or that this version cannot read, with the reason. */
  readonly unreadable: readonly string[];
}

const DELETING = '.deleting';

/** The specs of a zone on disk, one file per process: they survive the agent. */
export class SpecStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async load(): Promise<LoadedSpecs> {
    await ensureFolder(this.#folder);
    const specs: StoredSpec[] = [];
    const deleting: string[] = [];
    const unreadable: string[] = [];
    for (const name of await readdir(this.#folder)) {
      const file = join(this.#folder, name);
      if (name.endsWith(DELETING)) {
        deleting.push(name.slice(0, -DELETING.length));
      } else if (!isTemporary(name)) {
        const stored = await readStored(file, (path, thrown) =>
          unreadable.push(`${path}: ${messageOf(thrown)}`),
        );
        specs.push(...(stored === undefined ? [] : [stored]));
      }
    }
    specs.sort((left, right) => left.order - right.order);
    return { specs, deleting, unreadable };
  }

  async save(stored: StoredSpec): Promise<void> {
    const text = `${JSON.stringify(stored, undefined, 2)}\n`;
    await writeFileAtomic(this.#file(stored.spec.name), text);
  }

  /** Saves it unless the file says just that: what somebody has torn or removed is there again. */
  async keep(stored: StoredSpec): Promise<void> {
    if (!isDeepStrictEqual(await readStored(this.#file(stored.spec.name)), stored)) {
      await this.save(stored);
    }
  }

  /** From here on the process is not started again, even if the agent is killed now. */
  async beginDelete(stored: StoredSpec): Promise<void> {
    const { name } = stored.spec;
    await this.keep(stored);
    await renameDurably(this.#file(name), this.#deletingFile(name));
  }

  async finishDelete(name: string): Promise<void> {
    await removeFileDurably(this.#deletingFile(name));
  }

  /** The spec of a process whose deletion was begun; undefined when it cannot be read. */
  async readDeleting(name: string): Promise<ProcessSpec | undefined> {
    return (await readStored(this.#deletingFile(name)))?.spec;
  }

  #file(name: string): string {
    return join(this.#folder, `${name}.json`);
  }

  #deletingFile(name: string): string {
    return join(this.#folder, `${name}${DELETING}`);
  }
}

function readStored(
  file: string,
  torn?: (path: string, thrown: unknown) => void,
): Promise<StoredSpec | undefined> {
  return readUnlessTorn(file, (text): StoredSpec => storedSchema.parse(JSON.parse(text)), torn);
}
