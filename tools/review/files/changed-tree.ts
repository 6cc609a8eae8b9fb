import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Position } from '../finding.ts';
import { changedFile, firstChangedLine } from '../positions/changed-lines.ts';

/** Two revisions laid out in folders, and which files differ; what is read in them is a text and never run. */
export interface ChangedTree {
  /** Folder of the base. */
  readonly base: string;
  /** Folder of the head. */
  readonly head: string;
  /** Files that differ, are new or are gone, relative to the program's folder. */
  readonly paths: readonly string[];
}

/** What differs of a file, which may be on one side alone. */
export interface ChangedText {
  readonly file: string;
  /** Empty where it is new. */
  readonly before: string;
  /** Empty where it is gone. */
  readonly after: string;
  readonly isNew: boolean;
  readonly isGone: boolean;
}

/** The two texts of a file; undefined is that of one that is not there. */
export function changedText(
  file: string,
  before: string | undefined,
  after: string | undefined,
): ChangedText {
  return {
    file,
    before: before ?? '',
    after: after ?? '',
    isNew: before === undefined,
    isGone: after === undefined,
  };
}

/** The first line of a file that changed; of the base's where lines only went. */
export function changedPlace({ file, before, after }: ChangedText): Position {
  return { file, line: firstChangedLine(changedFile(file, before, after)) };
}

/** A file on one side; undefined where it is not there. */
export function fileIn(folder: string, file: string): string | undefined {
  const place = path.join(folder, file);
  return existsSync(place) ? readFileSync(place, 'utf8') : undefined;
}

/** The line on which a text first stands, from 1; 1 where it does not. */
export function lineOf(text: string | undefined, wanted: string): number {
  const found = text?.split('\n').findIndex((line) => line.includes(wanted)) ?? -1;
  return found === -1 ? 1 : found + 1;
}
