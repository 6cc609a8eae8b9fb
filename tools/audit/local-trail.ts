import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CodedError } from '@meridian/language/coded-error.ts';
import { findTask, taskResult } from '../meridian/run-task.ts';
import type { Trail } from './trail.ts';

/**
 * The trail of the running platform, as its declared clients.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_UNREADABLE, from each
 */
export const localTrail: Trail = {
  ask: (question) => printedBy('audit-reading', JSON.stringify(question)),

  verification: (trusted) => printedByOrder('audit-verification', trusted),

  [Symbol.asyncDispose]: () => Promise.resolve(),
};

/** What a task prints that is told something in a file: a list of arguments takes no thousand keys. */
export async function printedByOrder(task: string, order: object): Promise<object> {
  const folder = mkdtempSync(path.join(tmpdir(), 'meridian-audit-'));
  try {
    const file = path.join(folder, 'order.json');
    writeFileSync(file, JSON.stringify(order), { mode: 0o600 });
    return (await printedBy(task, file)) as object;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What a task that asks audit prints, as JSON.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, AUDIT_UNREADABLE
 */
export async function printedBy(task: string, ...args: readonly string[]): Promise<unknown> {
  const { exitCode, output } = await taskResult(await findTask(task), task, args);
  if (exitCode === 0) return JSON.parse(output) as unknown;
  throw new CodedError(
    'AUDIT_UNREADABLE',
    `Audit trail: must answer, got exit code ${exitCode} from task '${task}'; what it said is above, see 'npm run status' and 'npm run logs -- audit'`,
  );
}
