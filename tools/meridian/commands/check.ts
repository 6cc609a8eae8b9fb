import { countText } from '../output/count-text.ts';
import { printJson } from '../output/print-json.ts';
import { outputs } from '../output/schemas.ts';
import type { Output } from '../output/schemas.ts';
import { findTask, taskResult } from '../run-task.ts';
import { table } from '../table.ts';

const task = 'conservation-check';

/** Options of `npm run check`. */
export interface CheckOptions {
  readonly json?: boolean;
}

/**
 * Holds stock, payments and orders of the running platform against each other, as the declared client
 * `conservation-check`. Ends with 1 if something came from nowhere or is gone.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING
 */
export async function check(options: CheckOptions): Promise<number> {
  const { exitCode, output } = await taskResult(await findTask(task), task);
  if (exitCode !== 0) return exitCode;
  const findings = outputs.check.parse(JSON.parse(output));
  if (options.json === true) printJson<'check'>(findings);
  else process.stdout.write(told(findings));
  return findings.discrepancies.length === 0 ? 0 : 1;
}

function told(findings: Output<'check'>): string {
  const { products, orders, ordersUnderWay, captures, ledger, discrepancies, unsettled } = findings;
  const sums = ledger.map(({ currency, sum }) => `${currency} ${sum}`).join(', ');
  return [
    `${countText(products)} products: on hand + sold = received, reserved = active reservations`,
    `${countText(orders)} orders, of which ${countText(ordersUnderWay)} are under way; ${countText(captures)} captures`,
    `Ledger by currency: ${sums === '' ? 'empty' : sums}`,
    ...(unsettled.length === 0
      ? []
      : [
          `Changed whenever it was read, or should have gone on and has not, so not judged: ${unsettled.join(', ')}`,
        ]),
    ...(discrepancies.length === 0
      ? ['Everything adds up.']
      : [
          table(
            ['WHAT', 'MUST HOLD', 'FOUND'],
            discrepancies.map(({ about, rule, found }) => [about, rule, found]),
          ),
          `${countText(discrepancies.length)} do not add up.`,
        ]),
    '',
  ].join('\n');
}
