import type { Operation } from './charges.ts';

/** The first line of a statement. */
export const STATEMENT_HEAD = 'operation,charge,reference,kind,amount,currency,created';

/** The day of a moment, in UTC. */
export function dayOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

/** What moved money on a day, as CSV (RFC 4180): minor units, and each operation by its key. */
export function statementOf(operations: readonly Operation[], day: string): string {
  const lines = operations
    .filter(
      ({ kind, status }) => status === 'succeeded' && (kind === 'capture' || kind === 'refund'),
    )
    .filter(({ at }) => dayOf(at) === day)
    .map(({ key, kind, amount, charge, at }) =>
      [
        key,
        charge?.id,
        charge?.reference,
        kind,
        amount,
        charge?.currency,
        new Date(at).toISOString(),
      ]
        .map((field) => csvField(field ?? ''))
        .join(','),
    );
  return [STATEMENT_HEAD, ...lines, ''].join('\r\n');
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
