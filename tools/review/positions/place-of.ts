import path from 'node:path';
import type { DeclaredPosition, Positions } from '@meridian/components/model/positions.ts';
import type { DeclarationReference, Position } from '../finding.ts';
import { hasWord } from './blamed-hunk.ts';
import type { ChangedFile, ChangedLines, NumberedLine } from './changed-lines.ts';
import type { ObjectMakers } from './object-makers.ts';

/** Where declarations stand on both sides, and what differs between them. */
export interface Places {
  readonly base: Positions;
  readonly head: Positions;
  readonly changed: ChangedLines;
  /** What of the head makes objects. */
  readonly makers: ObjectMakers;
}

/**
 * The line to blame for what follows from a declaration: the one that changed. That is, in this order, a changed line
 * of the declaration that has the word or member, one of the files beside it (its access table, topics, contract), one of
 * any other declaring file, a setting of a stack that is named like it, the first that changed in the declaration or beside it, and where none did the declaration's
 * own. What is gone is blamed in the base's file. Undefined where neither side declares it.
 */
export function placeOf(
  reference: DeclarationReference,
  places: Omit<Places, 'makers'>,
): Position | undefined {
  const { base, head, changed } = places;
  const [before, after] = [base, head].map((positions) => positions[reference.declaration]);
  const own = after ?? before;
  if (own === undefined) return undefined;
  if (after === undefined) return { file: own.file, line: own.line };
  const within = declarationLines(changed.get(after.file), before, after);
  const beside = [...changed.values()].filter(({ file }) => isBeside(file, reference, after));
  const others = [...changed.values()].filter(({ file }) => file !== after.file);
  const rest = changed.get(after.file);
  for (const word of [reference.word, reference.member]) {
    if (word === undefined) continue;
    const elsewhere = others.filter(({ file }) => word === reference.word || isOfModel(file));
    const candidates = [within, ...beside, ...(rest === undefined ? [] : [rest]), ...elsewhere];
    for (const { file, lines } of candidates.flatMap(sides)) {
      const found = lines.find(({ text }) => hasWord(text, word));
      if (found !== undefined) return { file, line: found.line };
    }
  }
  const settings = others.filter(({ file }) => /^(?:stacks\/|Pulumi\.)/.test(file));
  for (const { file, lines } of within.added.length > 0 ? [] : settings.flatMap(sides)) {
    const found = lines.find(({ text }) => isNamedIn(text, reference));
    if (found !== undefined) return { file, line: found.line };
  }
  const named = beside.filter(({ file }) => path.parse(file).name === reference.member);
  for (const { file, lines } of [within, ...named, ...beside].flatMap(sides)) {
    const [first] = lines;
    if (first !== undefined) return { file, line: first.line };
  }
  return { file: after.file, line: after.line };
}

/** A part of what changed of a file. */
type Lines = Pick<ChangedFile, 'file' | 'added' | 'removed'>;

/** What the head has first, then what the base had. */
function sides({ file, added, removed }: Lines) {
  return [
    { file, lines: added },
    { file, lines: removed },
  ];
}

/** The changed lines of a declaration itself, of all of its file's. */
function declarationLines(
  file: ChangedFile | undefined,
  before: DeclaredPosition | undefined,
  after: DeclaredPosition,
): Lines {
  if (file === undefined) return { file: after.file, added: [], removed: [] };
  const { added, removed, base, head } = file;
  return {
    file: file.file,
    added: linesWithin(added, head, after),
    // It may have come from another file.
    removed: before?.file === after.file ? linesWithin(removed, base, before) : [],
  };
}

function linesWithin(
  changed: readonly NumberedLine[],
  lines: readonly string[],
  { line }: DeclaredPosition,
): readonly NumberedLine[] {
  const last = lastLineOf(lines, line);
  return changed.filter((one) => one.line >= line && one.line <= last);
}

/**
 * The last line of a declaration: the first behind its own that is indented as that is. Source: prettier, which every file
 * is written by, closes what it opened at the indentation of the line that did.
 */
function lastLineOf(lines: readonly string[], first: number): number {
  const start = lines[first - 1] ?? '';
  if (!/[({[]$/.test(start)) return first;
  const indented = indentationOf(start);
  const length = lines
    .slice(first)
    .findIndex((text) => text.trim() !== '' && indentationOf(text) <= indented);
  return length === -1 ? lines.length : first + length + 1;
}

function indentationOf(text: string): number {
  return text.length - text.trimStart().length;
}

/** Whether a file is one that a declaration is made of: of a service all in its folder, of a stack its settings. */
function isBeside(
  file: string,
  { declaration }: DeclarationReference,
  own: DeclaredPosition,
): boolean {
  if (file === own.file) return false;
  const [kind, name] = declaration.split(' ');
  if (kind === 'stack') return file.startsWith('stacks/') || file === `Pulumi.${name ?? ''}.yaml`;
  return file.startsWith(`${path.dirname(own.file)}/`);
}

/** Where members have what holds for all of them: elsewhere their names are words as others. */
function isOfModel(file: string): boolean {
  return file.startsWith('components/model/');
}

/** Whether a setting is of a member, by its name: 'auditKeepDays' is of 'keepDays'. */
function isNamedIn(text: string, { word, member }: DeclarationReference): boolean {
  return [word, member].some(
    (name) => name !== undefined && text.toLowerCase().includes(name.toLowerCase()),
  );
}
