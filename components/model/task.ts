import { rememberPlace } from '@meridian/language/declared-place.ts';
import type { Call } from './call.ts';

/** Something that a task is told when it is run. */
export interface TaskInput {
  /** Lower-case letters, digits and hyphens. */
  readonly name: string;
  /** An argument itself, or a file whose path is the argument, for what no list of processes may show. */
  readonly as: 'text' | 'file';
}

/** A task as given: a program that is run on demand and has an identity of its own. */
export interface TaskProps<Name extends string, Calls extends readonly Call[]> {
  /** A lower-case RFC 1123 label, unique among services and tasks. */
  readonly name: Name;
  /** What it does, in one line. */
  readonly summary: string;
  readonly calls: Calls;
  /** Its main file, relative to the program's root. */
  readonly entry: string;
  /** What it must be told, in the order of its arguments. @default nothing */
  readonly inputs?: readonly TaskInput[];
}

/** A declared task; to the services that it calls it is one more client. */
export interface TaskDeclaration<
  Name extends string = string,
  Calls extends readonly Call[] = readonly Call[],
> extends TaskProps<Name, Calls> {
  readonly kind: 'task';
}

/** Any declared task. */
export type AnyTask = TaskDeclaration;

/** Declares a task: inert; buildGraph validates it with the services. */
export function defineTask<const Name extends string, const Calls extends readonly Call[]>(
  props: TaskProps<Name, Calls>,
): TaskDeclaration<Name, Calls> {
  return rememberPlace({ kind: 'task', ...props }, defineTask);
}
