import type { ProgramCopy } from '../program-copy.ts';

/** A file of the program, what is in it, and what comes in the place of that. */
type FileEdit = readonly [file: string, from: string | RegExp, to: string];

/** A change of the staging stack, as somebody makes one. */
export interface StagingChange {
  readonly name: string;
  /** A line of a preview that comes of it; `previewLines` says in which words. */
  readonly shows: RegExp;
  readonly edits?: readonly FileEdit[];
  /** Settings by their key. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Files that come, with their text. */
  readonly files?: Readonly<Record<string, string>>;
}

/** What settings are given to, until the program is restored. */
export interface SettableStack {
  set(key: string, value: string): Promise<void>;
}

/** Makes changes that do not touch each other, until the program is restored. */
export async function makeChanges(
  changes: readonly StagingChange[],
  program: ProgramCopy,
  stack: SettableStack,
): Promise<void> {
  for (const { edits = [], settings = {}, files = {} } of changes) {
    for (const [file, from, to] of edits) program.edit(file, from, to);
    for (const [file, text] of Object.entries(files)) program.write(file, text);
    for (const [key, value] of Object.entries(settings)) await stack.set(key, value);
  }
}

/** Names of the changes of which nothing is told. */
export function untold(
  changes: readonly StagingChange[],
  lines: readonly string[],
): readonly string[] {
  return changes
    .filter(({ shows }) => !lines.some((line) => shows.test(line)))
    .map(({ name }) => name);
}
