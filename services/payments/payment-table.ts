import { markdownTable } from '@meridian/language/markdown-table.ts';
import { noPayment, transition } from './payment-machine.ts';
import type { PaymentMessage, Transition } from './payment-machine.ts';
import { isWaiting, statusOf } from './payment-state.ts';
import type { Operation, OperationKind, PaymentState } from './payment-state.ts';

/*
 * What docs/payments.md shows of the machine: each situation with each message, and each pair of messages
 * that can come in either order. The tables are drawn by running the machine, so they cannot differ from
 * it; a test holds the document against them, and each race against the end that it is to have.
 */

/** A payment as some messages leave it. */
export interface Situation {
  readonly name: string;
  readonly history: readonly PaymentMessage[];
}

/** Two messages that can come in either order. */
export interface Race {
  readonly name: string;
  readonly situation: Situation;
  readonly one: PaymentMessage;
  readonly other: PaymentMessage;
  /** What follows whichever was first, until nothing is open. */
  readonly then?: readonly PaymentMessage[];
  /** Where the payment is to be in the end, by which of the two came first. */
  readonly ends: readonly [oneFirst: string, otherFirst: string];
  readonly why: string;
}

/** Markers around the tables in docs/payments.md. */
export const DRAWN = [
  '<!-- drawn by services/payments/payment-table.ts -->',
  '<!-- end -->',
] as const;

const TEN = { currency: 'EUR', minorUnits: 1000n };
const authorize = (key: string): PaymentMessage => ({
  type: 'authorize',
  key,
  amount: TEN,
  source: `means of ${key}`,
});
const capture: PaymentMessage = { type: 'capture', key: 'capture-1' };
const free: PaymentMessage = { type: 'void', key: 'void-1' };
const refund = (key: string, minorUnits?: bigint): PaymentMessage => ({
  type: 'refund',
  key,
  ...(minorUnits === undefined ? {} : { amount: { currency: 'EUR', minorUnits } }),
});
const succeeded = (key: string): PaymentMessage => ({
  type: 'answer',
  key,
  answer: { status: 'succeeded', charge: 'ch_1' },
});
const declined = (key: string): PaymentMessage => ({
  type: 'answer',
  key,
  answer: { status: 'refused', declineCode: 'declined' },
});
const silent = (key: string): PaymentMessage => ({
  type: 'answer',
  key,
  answer: { status: 'unknown' },
});

const after = (name: string, before: Situation, ...more: PaymentMessage[]): Situation => ({
  name,
  history: [...before.history, ...more],
});
const none = { name: 'none', history: [] };
const pending = after('authorising', none, authorize('authorize-1'));
const unknown = after('authorising, unknown', pending, silent('authorize-1'));
const authorized = after('authorised', pending, succeeded('authorize-1'));
const capturing = after('capturing', authorized, capture);
const captured = after('captured', capturing, succeeded('capture-1'));
const refunding = after('refunding a part', captured, refund('refund-1', 400n));

/** The situations that a payment can be in, as far as they differ. */
export const SITUATIONS: readonly Situation[] = [
  none,
  after('given up before it began', none, free),
  pending,
  unknown,
  after('authorising, void wanted', pending, free),
  after('declined', pending, declined('authorize-1')),
  authorized,
  after('voiding', authorized, free),
  after('voided', authorized, free, succeeded('void-1')),
  capturing,
  after('capturing, unknown', capturing, silent('capture-1')),
  after('capturing, void wanted', capturing, free),
  captured,
  refunding,
  after('refunded a part', refunding, succeeded('refund-1')),
  after('refunded', captured, refund('refund-1'), succeeded('refund-1')),
];

/** The pairs that can race. */
export const RACES: readonly Race[] = [
  {
    name: 'answer and webhook',
    situation: pending,
    one: succeeded('authorize-1'),
    other: succeeded('authorize-1'),
    ends: ['authorized', 'authorized'],
    why: 'both say the same; the second changes nothing',
  },
  {
    name: 'webhook and time-out',
    situation: pending,
    one: succeeded('authorize-1'),
    other: silent('authorize-1'),
    ends: ['authorized', 'authorized'],
    why: 'silence says nothing against an outcome that is known',
  },
  {
    name: 'answer and another answer',
    situation: pending,
    one: succeeded('authorize-1'),
    other: declined('authorize-1'),
    ends: ['authorized', 'declined'],
    why: 'the first outcome stays, and people are told; `meridian payments reconcile` has the last word',
  },
  {
    name: 'void and authorisation',
    situation: pending,
    one: free,
    other: succeeded('authorize-1'),
    then: [succeeded('void-1')],
    ends: ['voided', 'voided'],
    why: 'a void that comes first waits for the outcome, then frees what was set aside',
  },
  {
    name: 'void and decline',
    situation: pending,
    one: free,
    other: declined('authorize-1'),
    ends: ['voided', 'voided'],
    why: 'there is nothing to free, so the provider is not asked; no other attempt may follow',
  },
  {
    name: 'void and the request to authorise',
    situation: none,
    one: free,
    other: authorize('authorize-1'),
    then: [succeeded('authorize-1'), succeeded('void-1')],
    ends: ['voided', 'voided'],
    why: 'a payment that was given up before it began declines every attempt',
  },
  {
    name: 'void and capture',
    situation: authorized,
    one: free,
    other: capture,
    then: [succeeded('void-1'), succeeded('capture-1')],
    ends: ['voided', 'captured'],
    why: 'whichever was asked first is sent; the other is refused, a void as soon as the outcome is known',
  },
  {
    name: 'void and the outcome of a capture',
    situation: capturing,
    one: free,
    other: declined('capture-1'),
    then: [succeeded('void-1')],
    ends: ['voided', 'voided'],
    why: 'a capture that the provider refused leaves an amount to free',
  },
  {
    name: 'two attempts',
    situation: none,
    one: authorize('authorize-1'),
    other: authorize('authorize-2'),
    then: [succeeded('authorize-1'), succeeded('authorize-2')],
    ends: ['authorized', 'authorized'],
    why: 'the second is refused while the first is open: never under a new key',
  },
  {
    name: 'two captures',
    situation: authorized,
    one: capture,
    other: { type: 'capture', key: 'capture-2' },
    then: [succeeded('capture-1'), succeeded('capture-2')],
    ends: ['captured', 'captured'],
    why: 'the second is refused while the first is open, and after it',
  },
  {
    name: 'two refunds of more than there is',
    situation: captured,
    one: refund('refund-1', 700n),
    other: refund('refund-2', 600n),
    then: [succeeded('refund-1'), succeeded('refund-2')],
    ends: ['captured', 'captured'],
    why: 'a refund that is open counts, so the second is refused',
  },
  {
    name: 'two refunds that fit',
    situation: captured,
    one: refund('refund-1', 400n),
    other: refund('refund-2', 600n),
    then: [succeeded('refund-1'), succeeded('refund-2')],
    ends: ['refunded', 'refunded'],
    why: 'each is given back once',
  },
];

/** The payment after some messages; those that are refused change nothing. */
export function run(history: readonly PaymentMessage[], from = noPayment('order')): PaymentState {
  return history.reduce((state, message) => {
    const result = transition(state, message);
    return result.type === 'refused' ? state : result.state;
  }, from);
}

/** Where a race ends, by which of the two came first. */
export function endsOf({ situation, one, other, then = [] }: Race): [string, string] {
  const end = (...pair: PaymentMessage[]): string =>
    statusOf(run([...situation.history, ...pair, ...then])) ?? 'none';
  return [end(one, other), end(other, one)];
}

/** Both tables, in Markdown. */
export function drawTables(): string {
  return [drawSituations(), '## What can race', drawRaces()].join('\n\n');
}

function drawSituations(): string {
  const rows = SITUATIONS.map(({ name, history }) => {
    const state = run(history);
    const open = state.operations.find(
      (operation) =>
        (operation.status === 'pending' || operation.status === 'unknown') &&
        !isWaiting(state, operation),
    );
    const asked = [
      authorize('authorize-9'),
      { type: 'capture', key: 'capture-9' } as const,
      { type: 'void', key: 'void-9' } as const,
      refund('refund-9', 100n),
    ];
    const told = [succeeded, declined, silent].map((answer) =>
      open === undefined ? '' : cell(state, answer(open.key)),
    );
    const status = statusOf(state)?.toUpperCase() ?? 'no payment';
    return [name, status, ...asked.map((message) => cell(state, message)), ...told];
  });
  return markdownTable(
    [
      'situation',
      'status',
      'authorise',
      'capture',
      'void',
      'refund',
      'it succeeded',
      'it was refused',
      'no answer',
    ],
    rows,
  );
}

function drawRaces(): string {
  return markdownTable(
    ['pair', 'in', 'the first first', 'the other first', 'because'],
    RACES.map((race) => {
      const ends = endsOf(race).map((end) => end.toUpperCase());
      return [race.name, race.situation.name, ...ends, race.why];
    }),
  );
}

/** What a message does in a state, in a few words. */
function cell(state: PaymentState, message: PaymentMessage): string {
  const result = transition(state, message);
  if (result.type === 'refused') return `refused: \`${result.reason}\``;
  if (result.type === 'unchanged') return 'nothing changes';
  return described(state, result, message.key);
}

function described(
  before: PaymentState,
  { state, effects }: Exclude<Transition, { readonly type: 'refused' }>,
  key: string,
): string {
  const operation = state.operations.find((candidate) => candidate.key === key);
  const sends = effects.flatMap((effect) =>
    effect.type === 'send' ? [`sends the ${wordOf(state, effect.key)}`] : [],
  );
  const posts = effects.some(({ type }) => type === 'post') ? ['enters it in the ledger'] : [];
  const [from, to] = [statusOf(before), statusOf(state)];
  const moves = from === to ? [] : [`→ ${to?.toUpperCase() ?? 'no payment'}`];
  return [...moves, ...outcomeOf(state, operation), ...sends, ...posts].join(', ') || 'noted';
}

function outcomeOf(state: PaymentState, operation: Operation | undefined): readonly string[] {
  if (operation === undefined) return [];
  if (isWaiting(state, operation)) return ['waits for the outcome'];
  return operation.declineCode === 'payment_voided' ? ['refused: `payment_voided`'] : [];
}

const WORDS: Readonly<Record<OperationKind, string>> = {
  authorize: 'authorisation',
  capture: 'capture',
  void: 'void',
  refund: 'refund',
};

function wordOf({ operations }: PaymentState, key: string): string {
  const kind = operations.find((operation) => operation.key === key)?.kind;
  return kind === undefined ? key : WORDS[kind];
}
