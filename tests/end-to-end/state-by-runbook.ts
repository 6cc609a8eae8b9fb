import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';

const RUNBOOK = path.join(import.meta.dirname, '../../docs/runbooks/restore.md');

/**
 * Gives a database in `before.json` of a folder another name, by the command that the runbook of a restore has for it; `after.json`
 * is what it leaves. Throws Error when the runbook has none.
 */
export async function renameByRunbook(folder: string, urn: string, name: string): Promise<void> {
  const [, program] =
    /node --eval '\n(.*?)' "\$URN" NEW$/ms.exec(readFileSync(RUNBOOK, 'utf8')) ?? [];
  if (program === undefined) throw new Error(`${RUNBOOK} has no command that changes a state`);
  await promisify(execFile)(process.execPath, ['--eval', program, urn, name], { cwd: folder });
}
