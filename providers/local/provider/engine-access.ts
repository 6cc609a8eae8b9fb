import { CodedError } from '@meridian/language/coded-error.ts';
import { SerialQueue } from '../agent/zone/serial-queue.ts';
import { placeholdersOf } from '../folders.ts';
import type { Folders } from '../folders.ts';
import { fullDiskBehind } from '../machine/system-trouble.ts';
import { isKnownDown } from './known-down.ts';
import type { ProcessPlace } from './known-down.ts';
import type { Context } from './resource-handler.ts';

/** How to be let into an engine. */
export interface Entry<Target> {
  readonly folders: Folders;
  readonly signal: AbortSignal;
  readonly target: Target;
  /** How long to go on trying while nobody answers, in milliseconds; 0 is one try. */
  readonly patienceMs: number;
}

/** What one engine differs in from another. */
export interface Engine<Target, Admin> {
  /** Runs work as its administrator. */
  readonly enter: <T>(entry: Entry<Target>, work: (admin: Admin) => Promise<T>) => Promise<T>;
  /** The processes that it is; it is down when all of them are. */
  readonly processesOf: (target: Target) => readonly ProcessPlace[];
  /** Code of the error that says that nobody answers. */
  readonly unreachable: string;
  /** Codes of errors with which it fails when its disk is full, as far as they do not say so. */
  readonly disklessErrors: readonly string[];
  /** Code of the error that says that there is nothing left to be removed from. @default none */
  readonly gone?: string;
  readonly changePatienceMs: number;
  readonly deletePatienceMs: number;
  /** Whether two changes at once would fail. @default false */
  readonly oneAtATime?: boolean;
}

/** What a look has found; unseen, with the reason unless it is known that the engine is down. */
export type Look<T> =
  | { readonly seen: true; readonly found: T }
  | { readonly seen: false; readonly trouble?: CodedError };

/** How handlers of resources change, look at and remove things in an engine. */
export class EngineAccess<Target, Admin> {
  readonly #engine: Engine<Target, Admin>;
  /** By the place of the first process. */
  readonly #queues = new Map<string, SerialQueue>();

  constructor(engine: Engine<Target, Admin>) {
    this.#engine = engine;
  }

  /**
   * Runs a change, with patience while the engine starts. One that fails because its disk is full says so
   * by its silence only, so its data folders are looked at then. @throws {CodedError} DISK_FULL
   */
  async change<T>(
    context: Context,
    target: Target,
    work: (admin: Admin) => Promise<T>,
  ): Promise<T> {
    const { changePatienceMs, disklessErrors, processesOf } = this.#engine;
    try {
      return await this.#inTurn(target, () => this.#enter(context, target, changePatienceMs, work));
    } catch (thrown) {
      if (!(thrown instanceof CodedError && disklessErrors.includes(thrown.code))) throw thrown;
      const data = processesOf(target).map(
        ({ zone, process }) => placeholdersOf(context.folders, zone, process).data,
      );
      throw fullDiskBehind(data, [thrown.message], thrown) ?? thrown;
    }
  }

  /** Looks, unless nobody can answer. */
  async look<T>(
    context: Context,
    target: Target,
    work: (admin: Admin) => Promise<T>,
  ): Promise<Look<T>> {
    const down = await Promise.all(
      this.#engine.processesOf(target).map((place) => isKnownDown(context.folders, place)),
    );
    if (down.every(Boolean)) return { seen: false };
    try {
      return { seen: true, found: await this.#enter(context, target, 0, work) };
    } catch (thrown) {
      if (!this.#isUnreachable(thrown)) throw thrown;
      return { seen: false, trouble: thrown };
    }
  }

  /**
   * As `look`; of an engine that is known to be down `otherwise` says what is assumed, and of one that
   * should answer and does not, too, with a warning.
   */
  async lookOr<T>(
    context: Context,
    { target, what, otherwise }: Assumption<Target, T>,
    work: (admin: Admin) => Promise<T>,
  ): Promise<T> {
    const look = await this.look(context, target, work);
    if (look.seen) return look.found;
    warnOfUnseen(context, what, look.trouble);
    return otherwise;
  }

  /**
   * Removes something. When nobody answers there is nothing that could be removed now, and what stays goes
   * with the data folder: that is a warning, so that a broken zone can be destroyed.
   */
  async delete(
    context: Context,
    target: Target,
    what: string,
    work: (admin: Admin) => Promise<unknown>,
  ): Promise<void> {
    const { deletePatienceMs, gone } = this.#engine;
    try {
      await this.#inTurn(target, () => this.#enter(context, target, deletePatienceMs, work));
    } catch (thrown) {
      if (thrown instanceof CodedError && thrown.code === gone) return;
      if (!this.#isUnreachable(thrown)) throw thrown;
      context.warn(`${what} is left where it is: ${thrown.message}`);
    }
  }

  #enter<T>(
    { folders, signal }: Context,
    target: Target,
    patienceMs: number,
    work: (admin: Admin) => Promise<T>,
  ): Promise<T> {
    return this.#engine.enter({ folders, signal, target, patienceMs }, work);
  }

  #inTurn<T>(target: Target, work: () => Promise<T>): Promise<T> {
    const { oneAtATime = false, processesOf } = this.#engine;
    if (!oneAtATime) return work();
    const place = JSON.stringify(processesOf(target)[0]);
    const queue = this.#queues.get(place) ?? new SerialQueue();
    this.#queues.set(place, queue);
    return queue.run(work);
  }

  #isUnreachable(thrown: unknown): thrown is CodedError {
    return thrown instanceof CodedError && thrown.code === this.#engine.unreachable;
  }
}

/** What is assumed of a thing that cannot be seen. */
interface Assumption<Target, T> {
  readonly target: Target;
  /** The thing, for a warning. */
  readonly what: string;
  readonly otherwise: T;
}

/** Says why something was not seen, where that is not known already. */
export function warnOfUnseen(context: Context, what: string, trouble?: CodedError): void {
  if (trouble !== undefined) context.warn(`${what} is taken as last known: ${trouble.message}`);
}
