import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PRELOADS, sdkArguments } from '../../language-host/sdk-arguments.ts';
import type { Finding } from '../finding.ts';
import type { EditedFiles } from './corpus-change.ts';
import { withGenerated } from './edited-contracts.ts';

/** What comes of a program with some files edited: findings, or why it declares nothing. */
export type DeclaredChange =
  | { readonly findings: readonly Finding[]; readonly milliseconds: number }
  | { readonly error: string };

/** What a process of evaluate-changes.ts is told. */
export interface EvaluatedChanges {
  readonly stack: 'staging';
  readonly changes: readonly EditedFiles[];
}

/**
 * What each of some changes does by what the program then declares. One process evaluates all of them, each with the
 * modules that the change reaches loaded again: a process for each would take longer than all.
 *
 * @param programFolder the program as it is without them
 */
export async function declareChanges(
  programFolder: string,
  changes: readonly EditedFiles[],
): Promise<readonly DeclaredChange[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-corpus-'));
  try {
    const [given, told] = [path.join(folder, 'changes.json'), path.join(folder, 'told.json')];
    const generated = changes.map((files) => withGenerated(programFolder, files));
    const asked: EvaluatedChanges = { stack: 'staging', changes: await Promise.all(generated) };
    writeFileSync(given, JSON.stringify(asked));
    const program = path.join(programFolder, 'tools/review/corpus/evaluate-changes.ts');
    const as = [...sdkArguments(PRELOADS), program, given, told];
    await promisify(execFile)(process.execPath, as, { cwd: programFolder });
    return JSON.parse(readFileSync(told, 'utf8')) as readonly DeclaredChange[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
