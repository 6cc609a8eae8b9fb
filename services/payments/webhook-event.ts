import { jsonFields } from './json-fields.ts';
import type { OperationKind } from './payment-state.ts';
import type { Told } from './provider-client.ts';

/** What a webhook tells. */
export interface WebhookEvent extends Told {
  readonly id: string;
  readonly key: string;
  readonly kind: OperationKind;
}

type Verdict = 'succeeded' | 'refused';

const TYPES: Readonly<Record<string, readonly [OperationKind, Verdict]>> = {
  'charge.authorized': ['authorize', 'succeeded'],
  'charge.declined': ['authorize', 'refused'],
  'charge.captured': ['capture', 'succeeded'],
  'charge.voided': ['void', 'succeeded'],
  'charge.refunded': ['refund', 'succeeded'],
};

/** Reads a webhook whose signature was checked; undefined if it tells nothing that we know. */
export function parseWebhook(body: Uint8Array): WebhookEvent | undefined {
  const fields = jsonFields(Buffer.from(body).toString('utf8'));
  const { id, type, created, idempotency_key: key } = fields;
  const charge = jsonFields(JSON.stringify(fields['charge'] ?? {}));
  const [kind, verdict] = (typeof type === 'string' ? TYPES[type] : undefined) ?? [];
  if (!isText(id, 255) || !isText(key, 64) || kind === undefined) return undefined;
  const time = typeof created === 'number' ? new Date(created * 1_000) : undefined;
  const told = { id, key, kind, ...(time === undefined ? {} : { time }) };
  if (verdict === 'refused') {
    const { decline_code: code } = charge;
    const declineCode = isText(code, 100) ? code : 'declined';
    return { ...told, answer: { status: 'refused', declineCode } };
  }
  const { id: chargeId } = charge;
  if (!isText(chargeId, 255)) return undefined;
  return { ...told, answer: { status: 'succeeded', charge: chargeId } };
}

function isText(value: unknown, lengthMax: number): value is string {
  return typeof value === 'string' && value !== '' && value.length <= lengthMax;
}
