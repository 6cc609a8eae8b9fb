import { structuredPatch } from 'diff';

/** A line of a file, with its number from 1. */
export interface NumberedLine {
  readonly line: number;
  readonly text: string;
}

/** Lines of a file that changed together. */
export interface Hunk {
  readonly added: readonly NumberedLine[];
  readonly removed: readonly NumberedLine[];
}

/** What a change does to a file, line by line. */
export interface ChangedFile {
  /** Relative to the program's folder. */
  readonly file: string;
  /** All lines of the base; none where the file is new. */
  readonly base: readonly string[];
  /** All lines of the head; none where the file is gone. */
  readonly head: readonly string[];
  /** Lines of the head that the base has not. */
  readonly added: readonly NumberedLine[];
  /** Lines of the base that the head has not. */
  readonly removed: readonly NumberedLine[];
  /** The same by what changed together, from the beginning of the file. */
  readonly hunks: readonly Hunk[];
}

/** Files that a change touches, by their path. */
export type ChangedLines = ReadonlyMap<string, ChangedFile>;

/** Holds the two texts of a file against each other; '' is that of a file that is not there. */
export function changedFile(file: string, base: string, head: string): ChangedFile {
  const patch = structuredPatch(file, file, base, head, '', '', { context: 0 });
  const hunks = patch.hunks.map(({ oldStart, newStart, lines }): Hunk => {
    const of = (mark: string, start: number): readonly NumberedLine[] =>
      lines
        .filter((marked) => marked.startsWith(mark))
        .map((marked, index) => ({ line: start + index, text: marked.slice(1) }));
    return { added: of('+', newStart), removed: of('-', oldStart) };
  });
  return {
    file,
    base: linesOf(base),
    head: linesOf(head),
    added: hunks.flatMap(({ added }) => added),
    removed: hunks.flatMap(({ removed }) => removed),
    hunks,
  };
}

/** The first line of a file that changed: of the head, or of the base where lines only went; 1 where none did. */
export function firstChangedLine({ added, removed }: ChangedFile): number {
  return (added[0] ?? removed[0])?.line ?? 1;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}
