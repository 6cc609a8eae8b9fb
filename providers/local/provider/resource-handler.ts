import type { z } from 'zod';
import type { Folders } from '../folders.ts';
import type { Rollouts } from './rollouts.ts';

/** Properties of a resource as Pulumi keeps them: plain JSON. */
export type Properties = Readonly<Record<string, unknown>>;

/** What a handler may use while it works on one resource. */
export interface Context {
  readonly folders: Folders;
  /** Aborted when the user stops the operation (Ctrl-C). */
  readonly signal: AbortSignal;
  /** Says what is being waited for. */
  readonly status: (message: string) => void;
  readonly warn: (message: string) => void;
  /** Of this operation. */
  readonly rollouts: Rollouts;
}

/** What a created resource is called and consists of. */
export interface Created {
  readonly id: string;
  readonly outputs: Properties;
}

/**
 * How one kind of resource is managed. `Inputs` is what `inputs` accepts; `State` is the little of an
 * older state that reading and deleting need, so that a state of an older version can still be removed.
 */
export interface ResourceHandler<Inputs extends object, State extends object> {
  readonly inputs: z.ZodType<Inputs>;
  readonly state: z.ZodType<State>;
  /** Every key of the inputs. */
  readonly inputKeys: readonly (keyof Inputs & string)[];
  /** Inputs whose change replaces the resource. */
  readonly replacedBy: readonly (keyof Inputs & string)[];
  /** Whether this change of an input replaces the resource, beside `replacedBy`. @default never */
  readonly replaces?: (key: keyof Inputs & string, old: unknown, wanted: unknown) => boolean;
  /** Whether the old one must go before its replacement is made. @default false */
  readonly deleteBeforeReplace?: boolean;
  /** Values for inputs that the program left out, or that only this machine knows. */
  readonly defaults?: () => Partial<Inputs>;
  /** Whether two values of an input mean the same. @default equal as JSON */
  readonly same?: (key: keyof Inputs & string, old: unknown, wanted: unknown) => boolean;
  /** Must leave nothing behind when it fails. */
  create(inputs: Inputs, context: Context): Promise<Created>;
  /** What is really there, given the last known state; undefined when it is gone. */
  read(state: State, known: Properties, context: Context): Promise<Properties | undefined>;
  update(state: State, inputs: Inputs, context: Context): Promise<Properties>;
  /** Succeeds when there is nothing left to delete. */
  delete(state: State, context: Context): Promise<void>;
}
