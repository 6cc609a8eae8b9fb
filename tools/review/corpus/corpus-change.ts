import type { ChangeKind } from '@meridian/policies/severity.ts';

/** A textual edit of a file of the program; what it looks for has to be there once. */
export interface FileEdit {
  /** Relative to the program's folder. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

/** A file that a change adds. */
export interface NewFile {
  readonly file: string;
  readonly text: string;
}

/** Whom a change of the corpus is to be told to. */
export type CorpusGroup = 'refactor' | 'benign' | 'dangerous';

/** A finding that a change is known by. */
export interface ExpectedFinding {
  readonly kind: ChangeKind;
  /** Part of its subject. */
  readonly subject: string;
  /** The file of the line that is blamed, and words that stand on it; absent where nobody declared it. */
  readonly at?: readonly [file: string, words: string];
}

/** A change of the program as somebody would make it, and what a review of it tells. */
export interface CorpusChange {
  /** A sentence about what it does. */
  readonly name: string;
  readonly group: CorpusGroup;
  readonly edits: readonly (FileEdit | NewFile)[];
  /** What declarations alone show: all of it, in any order; nothing for 'no change for anyone'. */
  readonly declared: readonly ExpectedFinding[];
}

/** The files that a change touches, as they are with it, by their path. */
export type EditedFiles = Readonly<Record<string, string>>;

/**
 * Applies a change to what a program has. Throws Error with the name of the change where an edit does not apply: the
 * program has gone on, and the change has to as well.
 *
 * @param read the text of a file, undefined where there is none
 */
export function editedFiles(
  { name, edits }: Pick<CorpusChange, 'name' | 'edits'>,
  read: (file: string) => string | undefined,
): EditedFiles {
  const texts = new Map<string, string>();
  for (const edit of edits) {
    const before = texts.get(edit.file) ?? read(edit.file);
    texts.set(edit.file, textAfter(name, edit, before));
  }
  return Object.fromEntries(texts);
}

function textAfter(name: string, edit: FileEdit | NewFile, before: string | undefined): string {
  const subject = `Change '${name}' of the corpus`;
  if ('text' in edit) {
    if (before === undefined) return edit.text;
    throw new Error(`${subject}: file ${edit.file} must not be there yet; take another name`);
  }
  if (before === undefined) {
    throw new Error(`${subject}: file ${edit.file} must be there; edit the one that it became`);
  }
  const found = before.split(edit.find).length - 1;
  if (found === 1) return before.replace(edit.find, () => edit.replace);
  throw new Error(
    `${subject}: '${edit.find}' must be in ${edit.file} once, got ${found} times; write the edit again`,
  );
}
