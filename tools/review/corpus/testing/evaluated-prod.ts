import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { PRELOADS, sdkArguments } from '../../../language-host/sdk-arguments.ts';
import { PROD_CHANGES } from '../changes/prod.ts';
import { editedFiles } from '../corpus-change.ts';
import type { EvaluatedProd } from '../evaluate-prod.ts';

const programFolder = path.resolve(import.meta.dirname, '../../../..');

/** As the language host runs programs, and without the traces that Pulumi's SDK takes for each resource. */
const QUICK = [...sdkArguments(PRELOADS), '--stack-trace-limit=0'];

/**
 * Production as it is, and with each change of the corpus.
 *
 * @param extent 'whole' to land again too what a change does not reach. @default what it reaches
 */
export async function evaluatedProd(extent?: 'whole'): Promise<readonly EvaluatedProd[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-prod-corpus-'));
  try {
    const [given, results] = [path.join(folder, 'changes.json'), path.join(folder, 'told.json')];
    const files = PROD_CHANGES.map((change) => editedFiles(change, read));
    writeFileSync(given, JSON.stringify([{}, ...files]));
    const program = path.join(programFolder, 'tools/review/corpus/evaluate-prod.ts');
    const args = [...QUICK, program, given, results, extent ?? 'reached'];
    await promisify(execFile)(process.execPath, args, { cwd: programFolder });
    return JSON.parse(readFileSync(results, 'utf8')) as readonly EvaluatedProd[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function read(file: string): string | undefined {
  const whole = path.join(programFolder, file);
  return existsSync(whole) ? readFileSync(whole, 'utf8') : undefined;
}
