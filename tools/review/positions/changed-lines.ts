import { structuredPatch } from 'diff';

/** A line of a file, with its number from 1. */
export interface NumberedLine {
  readonly line: number;
  readonly text: string;
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
}

/** Files that a change touches, by their path. */
export type ChangedLines = ReadonlyMap<string, ChangedFile>;

/** Holds the two texts of a file against each other; '' is that of a file that is not there. */
export function changedFile(file: string, base: string, head: string): ChangedFile {
  const { hunks } = structuredPatch(file, file, base, head, '', '', { context: 0 });
  const added: NumberedLine[] = [];
  const removed: NumberedLine[] = [];
  for (const { oldStart, newStart, lines } of hunks) {
    let [oldLine, newLine] = [oldStart, newStart];
    for (const marked of lines) {
      const text = marked.slice(1);
      if (marked.startsWith('+')) added.push({ line: newLine++, text });
      else if (marked.startsWith('-')) removed.push({ line: oldLine++, text });
    }
  }
  return { file, base: linesOf(base), head: linesOf(head), added, removed };
}

/** The first line of a file that changed: of the head, or of the base where lines only went; 1 where none did. */
export function firstChangedLine({ added, removed }: ChangedFile): number {
  return (added[0] ?? removed[0])?.line ?? 1;
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.split('\n');
}
