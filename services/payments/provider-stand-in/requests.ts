import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { OperationRequest } from './charges.ts';

/** Bytes of a body at most. */
const BODY_MAX_BYTES = 65_536;

/** A request that is not as the API says, which is recorded nowhere. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The fields of a JSON body; every one of them is a text. */
type Fields = Readonly<Record<string, unknown>>;

/** Reads the whole body. Throws BadRequest. */
export async function bodyOf(request: IncomingMessage): Promise<Fields> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_MAX_BYTES) throw new BadRequest(413, `at most ${BODY_MAX_BYTES} bytes`);
    chunks.push(chunk);
  }
  if (bytes === 0) return {};
  try {
    const parsed: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    if (typeof parsed === 'object' && parsed !== null) return parsed as Fields;
  } catch {
    throw new BadRequest(400, 'the body must be JSON');
  }
  throw new BadRequest(400, 'the body must be an object');
}

/** Whether a request presents one of the keys; takes as long for a wrong one. */
export function isAuthorized({ headers }: IncomingMessage, keys: readonly string[]): boolean {
  const given = digestOf(headers.authorization ?? '');
  return keys.map((key) => timingSafeEqual(given, digestOf(`Bearer ${key}`))).includes(true);
}

/** The operation that a path and a body ask for; undefined for another path. Throws BadRequest. */
export function operationOf(
  path: string,
  { headers }: IncomingMessage,
  fields: Fields,
): OperationRequest | undefined {
  const [, charge, kind] = /^\/v1\/charges(?:\/([A-Za-z0-9_-]+)\/(capture|void|refund))?$/.exec(
    path,
  ) ?? [undefined];
  if (!path.startsWith('/v1/charges') || (charge === undefined && path !== '/v1/charges')) {
    return undefined;
  }
  const key = headers['idempotency-key'];
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw new BadRequest(400, 'Idempotency-Key must be 1 to 255 visible ASCII characters');
  }
  if (charge === undefined) {
    return {
      key,
      kind: 'authorize',
      reference: textOf(fields, 'reference', /^.{1,255}$/),
      amount: textOf(fields, 'amount', AMOUNT),
      currency: textOf(fields, 'currency', /^[A-Z]{3}$/),
      source: textOf(fields, 'source', /^[\x21-\x7e]{1,255}$/),
    };
  }
  if (kind !== 'refund') return { key, kind: kind as 'capture' | 'void', charge };
  return { key, kind, charge, amount: textOf(fields, 'amount', AMOUNT) };
}

/** A positive number of minor units, as far as an int64 goes. */
const AMOUNT = /^[1-9][0-9]{0,18}$/;

function textOf(fields: Fields, name: string, form: RegExp): string {
  const value = fields[name];
  if (typeof value === 'string' && form.test(value)) return value;
  throw new BadRequest(400, `${name} must be a text of the form ${form.source}`);
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
