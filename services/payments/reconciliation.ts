import type { Posting } from './ledger.ts';
import type { Amount, OperationKind } from './payment-state.ts';

/** A line of the provider's statement. */
export interface StatementLine extends Amount {
  readonly key: string;
  readonly orderId: string;
  readonly kind: 'capture' | 'refund';
}

export type DifferenceReason = 'not-in-ledger' | 'not-in-statement' | 'different' | 'still-open';

/** A line and a posting that do not say the same. */
export interface Difference {
  readonly reason: DifferenceReason;
  readonly key: string;
  readonly orderId: string;
  readonly kind: OperationKind;
  readonly inStatement: Amount | undefined;
  readonly inLedger: Amount | undefined;
}

/** A statement that cannot be read; it names the line. */
export class UnreadableStatement extends Error {
  override readonly name = 'UnreadableStatement';
}

const COLUMNS = ['operation', 'charge', 'reference', 'kind', 'amount', 'currency', 'created'];

/** Reads a statement: CSV (RFC 4180) with a head, minor units. Throws UnreadableStatement. */
export function parseStatement(text: string): readonly StatementLine[] {
  const [head = '', ...lines] = text.split(/\r?\n/);
  if (head !== COLUMNS.join()) {
    throw new UnreadableStatement(`line 1 must be '${COLUMNS.join()}'`);
  }
  return lines.flatMap((line, index) => (line === '' ? [] : [lineOf(fieldsOf(line), index + 2)]));
}

function lineOf(fields: readonly string[], number: number): StatementLine {
  const [key = '', , orderId = '', kind = '', amount = '', currency = ''] = fields;
  if (
    fields.length !== COLUMNS.length ||
    key === '' ||
    (kind !== 'capture' && kind !== 'refund') ||
    !/^[0-9]{1,19}$/.test(amount) ||
    !/^[A-Z]{3}$/.test(currency)
  ) {
    throw new UnreadableStatement(`line ${number} must have the columns ${COLUMNS.join()}`);
  }
  return { key, orderId, kind, currency, minorUnits: BigInt(amount) };
}

/** The fields of a line; quoted ones may have commas and doubled quotes, but no line breaks. */
function fieldsOf(line: string): readonly string[] {
  const found = line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g);
  return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '');
}

/**
 * Holds a statement against the ledger: each line has a posting that says the same, and each posting of the
 * day a line.
 *
 * @param postings of the day, and of all operations that the statement names
 * @param open operations of the statement whose outcome we do not know yet
 */
export function differencesOf(
  lines: readonly StatementLine[],
  postings: readonly Posting[],
  open: ReadonlySet<string>,
): readonly Difference[] {
  const entered = new Map(postings.map((posting) => [posting.key, posting]));
  const listed = new Set(lines.map(({ key }) => key));
  return [
    ...lines.flatMap((line) => differenceOf(line, entered.get(line.key), open)),
    ...postings
      .filter(({ key }) => !listed.has(key))
      .map((posting) => difference('not-in-statement', posting, undefined, posting)),
  ];
}

function differenceOf(
  line: StatementLine,
  posting: Posting | undefined,
  open: ReadonlySet<string>,
): readonly Difference[] {
  if (posting === undefined) {
    const reason = open.has(line.key) ? 'still-open' : 'not-in-ledger';
    return [difference(reason, line, line, undefined)];
  }
  const same =
    line.kind === posting.kind &&
    line.currency === posting.currency &&
    line.minorUnits === posting.minorUnits;
  return same ? [] : [difference('different', posting, line, posting)];
}

function difference(
  reason: DifferenceReason,
  { key, orderId, kind }: StatementLine | Posting,
  inStatement: Amount | undefined,
  inLedger: Amount | undefined,
): Difference {
  return { reason, key, orderId, kind, inStatement, inLedger };
}
