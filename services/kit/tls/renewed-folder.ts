import { basename, join } from 'node:path';
import { inBackground } from '../background.ts';
import { watchFile } from '../file-watch.ts';
import type { FileWatch } from '../file-watch.ts';

/** One version of what lies in a folder, ready for use. */
export interface Renewed {
  /** SHA-256 of the leaf certificate, as Node.js writes it. */
  readonly fingerprint: string;
}

/** Told about each new version, and about each that could not be read. */
export interface RenewalListener<Material> {
  readonly renewed?: (material: Material) => void;
  readonly failed?: (error: Error) => void;
}

/**
 * A certificate and what belongs to it in a folder that an agent renews by swapping a symbolic link:
 * the same as a Secret mounted by Kubernetes. A version that cannot be read leaves the last good one
 * in use.
 */
export abstract class RenewedFolder<Material extends Renewed> {
  readonly folder: string;
  readonly #read: (folder: string) => Material;
  #current: Material;
  readonly #listeners = new Set<RenewalListener<Material>>();
  readonly #watch: FileWatch;

  /** @param read throws what is wrong with the folder */
  protected constructor(folder: string, read: (folder: string) => Material) {
    this.folder = folder;
    this.#read = read;
    this.#current = read(folder);
    this.#watch = watchFile(join(folder, 'tls.crt'), () => this.#reload());
    // Renewed between the first read and the start of the watch.
    this.#reload();
  }

  /** The newest version that could be read. */
  get current(): Material {
    return this.#current;
  }

  /** Listens for new versions; returns the undo. */
  listen(listener: RenewalListener<Material>): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  close(): void {
    this.#watch.close();
    this.#listeners.clear();
  }

  #reload(): void {
    let material: Material;
    try {
      material = this.#read(this.folder);
    } catch (error) {
      this.#tell((listener) => listener.failed?.(error as Error));
      return;
    }
    if (material.fingerprint === this.#current.fingerprint) return;
    this.#current = material;
    this.#tell((listener) => listener.renewed?.(material));
  }

  /** A listener that throws keeps the news from no other one. */
  #tell(say: (listener: RenewalListener<Material>) => void): void {
    for (const listener of this.#listeners) {
      inBackground(`renewal of ${basename(this.folder)}`, () => say(listener));
    }
  }
}
