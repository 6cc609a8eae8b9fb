import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Publication, PublishedKey, SignedHead } from '../publication/publication.ts';

/** Published heads and keys in a folder, for tests with several processes. */
export class FolderPublication implements Publication {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  newest(below?: bigint): Promise<SignedHead | undefined> {
    const heads = this.heads().filter(({ size }) => below === undefined || size < below);
    return Promise.resolve(heads.at(-1));
  }

  showNewest(): Promise<void> {
    return Promise.resolve();
  }

  certificates(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  publish({ size, note }: SignedHead): Promise<void> {
    this.#write(`${size.toString().padStart(20, '0')}.head`, note);
    return Promise.resolve();
  }

  publishKey({ keyId, vkey }: PublishedKey): Promise<void> {
    this.#write(`${keyId}.vkey`, vkey);
    return Promise.resolve();
  }

  /** All heads, the smallest first. */
  heads(): readonly SignedHead[] {
    return this.#read('.head').map((note) => ({ size: BigInt(note.split('\n')[1] ?? ''), note }));
  }

  keys(): readonly string[] {
    return this.#read('.vkey');
  }

  #read(suffix: string): readonly string[] {
    const names = readdirSync(this.#folder).filter((name) => name.endsWith(suffix));
    return names.toSorted().map((name) => readFileSync(join(this.#folder, name), 'utf8'));
  }

  /** Whole or not at all, whenever the process is killed. */
  #write(name: string, content: string): void {
    const path = join(this.#folder, name);
    writeFileSync(`${path}.${process.pid}`, content);
    renameSync(`${path}.${process.pid}`, path);
  }
}
