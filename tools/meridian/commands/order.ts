import { CodedError } from '@meridian/language/coded-error.ts';
import { catalogEvents } from '@meridian/catalog/topics.ts';
import { ordersEvents } from '@meridian/orders/topics.ts';
import { paymentsEvents } from '@meridian/payments/topics.ts';
import { isUuid } from '@meridian/language/uuid.ts';
import { keptEvents } from '../../events/kept-events.ts';
import { causalOrder } from '../../order-story/causal-order.ts';
import { effectRows } from '../../order-story/effect-row.ts';
import { eventRow } from '../../order-story/event-row.ts';
import type { EventRow, Row } from '../../order-story/row.ts';
import { sealedEvents } from '../../order-story/sealed-events.ts';
import { printJson } from '../output/print-json.ts';
import { findTask, taskResult } from '../run-task.ts';
import { table } from '../table.ts';

const task = 'order-story';

/** Options of `npm run order`. */
export interface OrderOptions {
  readonly json?: boolean;
}

/**
 * Tells one purchase as a story: each state that events tell, in whatever service, and each effect of its
 * saga, causes first. Events are those of the audit trail, each with the outcome of its inclusion proof, and those that
 * Kafka still keeps, which may be a moment newer; effects stay with the order.
 *
 * Ends with 1 if a proof does not hold.
 *
 * @throws {CodedError} PLATFORM_NOT_RUNNING, KAFKA_UNREACHABLE, ORDER_UNKNOWN
 */
export async function order(orderId: string, options: OrderOptions): Promise<number> {
  const home = await findTask(task);
  if (!isUuid(orderId)) throw unknown(orderId);
  const { exitCode, output } = await taskResult(home, task, [orderId]);
  if (exitCode !== 0) return exitCode;
  const effects = effectRows(output);
  if (effects === undefined) throw unknown(orderId);
  const topics = [catalogEvents.name, ordersEvents.name, paymentsEvents.name];
  const lines = await keptEvents(topics, (line) => line.correlationId === orderId);
  const sealed = await sealedEvents(orderId);
  if (sealed.trouble !== undefined) process.stderr.write(`No proofs: ${sealed.trouble}\n`);
  const events = new Map<string, EventRow>();
  for (const row of lines.flatMap((line) => eventRow(line) ?? [])) events.set(row.id, row);
  for (const row of sealed.rows) events.set(row.id, row);
  const rows = causalOrder([...effects, ...events.values()], orderId);
  if (options.json === true) printJson<'order'>({ orderId, rows });
  else process.stdout.write(`${told(orderId, rows)}\n`);
  return sealed.rows.some(({ proof }) => proof?.problem !== undefined) ? 1 : 0;
}

function told(orderId: string, rows: readonly Row[]): string {
  const begin = Date.parse(rows[0]?.time ?? '');
  const since = (time: string): string => `+${((Date.parse(time) - begin) / 1e3).toFixed(3)} s`;
  return [
    `Order ${orderId}${rows[0] === undefined ? '' : `, placed ${rows[0].time}`}`,
    table(
      ['WHEN', 'SERVICE', 'WHAT', 'CAME OF IT', 'PROVEN'],
      rows.map((row) => [since(row.time), row.service, ...words(row, orderId), proven(row)]),
    ),
  ].join('\n');
}

function words(row: Row, orderId: string): readonly string[] {
  if (row.kind === 'event') {
    const { event, version, aggregate, state } = row;
    const of = aggregate.startsWith(orderId) ? '' : ` of ${aggregate.replace('/stock', '')}`;
    return [`${event} ${version}${of}`, state];
  }
  const { sequence, effect, attempts, doneTime, time, status, outcome } = row;
  const took = doneTime === undefined ? '' : `, ${Date.parse(doneTime) - Date.parse(time)} ms`;
  const asked = attempts === 1 ? 'asked once' : `asked ${attempts} times`;
  return [`  → ${sequence}. ${effect}`, `${outcome === '' ? status : outcome} (${asked}${took})`];
}

/** Which entry of the audit trail an event is, and of how many that is proven. */
function proven(row: Row): string {
  if (row.kind === 'effect') return '';
  if (row.proof === undefined) return 'not sealed yet';
  const { entry, treeSize, problem } = row.proof;
  return problem === undefined ? `entry ${entry} of ${treeSize ?? 0}` : `NOT PROVEN: ${problem}`;
}

function unknown(orderId: string): CodedError {
  return new CodedError(
    'ORDER_UNKNOWN',
    `Order '${orderId}': must be the id of an order that was placed here, got '${orderId}'; GET /v1/orders lists a customer's own`,
  );
}
