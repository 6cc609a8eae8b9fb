import { jsonFields } from './json-fields.ts';
import type { ProviderAnswer } from './payment-machine.ts';
import type { OperationKind } from './payment-state.ts';
import { chargeMeant, declineCodeOf, isPlain, timeTold } from './told-charge.ts';
import type { MeantOperation } from './told-charge.ts';

/** What a webhook tells. */
export interface WebhookEvent {
  readonly id: string;
  readonly key: string;
  readonly kind: OperationKind;
  readonly verdict: 'succeeded' | 'refused';
  /** As it came; see `answerFor`. */
  readonly charge: Readonly<Record<string, unknown>>;
  readonly time?: Date;
}

const TYPES: Readonly<Record<string, readonly [OperationKind, WebhookEvent['verdict']]>> = {
  'charge.authorized': ['authorize', 'succeeded'],
  'charge.declined': ['authorize', 'refused'],
  'charge.captured': ['capture', 'succeeded'],
  'charge.voided': ['void', 'succeeded'],
  'charge.refunded': ['refund', 'succeeded'],
};

const ID_LENGTH_MAX = 255;
const KEY_LENGTH_MAX = 64;

/** Reads a webhook whose signature was checked; undefined if it tells nothing that we know. */
export function parseWebhook(body: Uint8Array): WebhookEvent | undefined {
  const fields = jsonFields(Buffer.from(body).toString('utf8'));
  const { id, type, created, idempotency_key: key } = fields;
  const [kind, verdict] = (typeof type === 'string' ? TYPES[type] : undefined) ?? [];
  if (!isPlain(id, ID_LENGTH_MAX) || !isPlain(key, KEY_LENGTH_MAX)) return undefined;
  if (kind === undefined || verdict === undefined) return undefined;
  const charge = jsonFields(JSON.stringify(fields['charge'] ?? {}));
  const time = typeof created === 'number' ? timeTold(created * 1_000) : undefined;
  return { id, key, kind, verdict, charge, ...(time === undefined ? {} : { time }) };
}

/** What a webhook says of the operation whose key it names; undefined if it is about another charge. */
export function answerFor(
  operation: MeantOperation,
  { kind, verdict, charge }: WebhookEvent,
): ProviderAnswer | undefined {
  const id = kind === operation.kind ? chargeMeant(operation, charge) : undefined;
  if (id === undefined) return undefined;
  return verdict === 'succeeded'
    ? { status: 'succeeded', charge: id }
    : { status: 'refused', declineCode: declineCodeOf(charge['decline_code']) };
}
