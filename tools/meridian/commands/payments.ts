import { CodedError } from '@meridian/language/coded-error.ts';
import { isDay } from '@meridian/payments/day.ts';
import { printJson } from '../output/print-json.ts';
import { outputs } from '../output/schemas.ts';
import type { Output } from '../output/schemas.ts';
import { findTask, taskResult } from '../run-task.ts';
import { table } from '../table.ts';

const task = 'statement-reconciliation';
const DAY_MS = 86_400_000;

/** Options of `meridian payments`. */
export interface PaymentsOptions {
  /** A day in UTC, such as 2026-11-27. @default yesterday, the last whose statement is complete */
  readonly date?: string;
  readonly json?: boolean;
}

/**
 * Holds the payment provider's statement of a day against the ledger, as the declared client
 * `statement-reconciliation`. Ends with 1 if they differ.
 *
 * @throws {CodedError} PAYMENTS_ACTION_UNKNOWN, PLATFORM_NOT_RUNNING
 */
export async function payments(action: string, options: PaymentsOptions): Promise<number> {
  const date = options.date ?? new Date(Date.now() - DAY_MS).toISOString().slice(0, 10);
  if (action !== 'reconcile' || !isDay(date)) {
    throw new CodedError(
      'PAYMENTS_ACTION_UNKNOWN',
      `Command 'payments': must be reconcile [--date YYYY-MM-DD], got '${action} --date ${date}'; give a day of the calendar`,
    );
  }
  const { exitCode, output } = await taskResult(await findTask(task), task, [date]);
  if (exitCode !== 0) return exitCode;
  const findings = outputs.payments.parse(JSON.parse(output));
  if (options.json === true) printJson<'payments'>(findings);
  else process.stdout.write(`${told(findings)}\n`);
  return findings.differenceCount === 0 ? 0 : 1;
}

function told(findings: Output<'payments'>): string {
  const { date, statementLines, ledgerPostings, differenceCount, differences } = findings;
  const head = `Statement of ${date}: ${statementLines} lines; ledger: ${ledgerPostings} postings`;
  if (differenceCount === 0) return `${head}\nNothing differs.`;
  const rows = differences.map(({ reason, order, kind, operation, inStatement, inLedger }) => [
    ...[reason, kind, inStatement ?? '-', inLedger ?? '-', order, operation],
  ]);
  const columns = ['DIFFERENCE', 'KIND', 'STATEMENT', 'LEDGER', 'ORDER', 'OPERATION'];
  return [head, table(columns, rows), `${differenceCount} differ.`].join('\n');
}
