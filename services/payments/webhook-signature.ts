import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header of a webhook that proves who sent it and when, in lower case. */
export const SIGNATURE_HEADER = 'webhook-signature';

const FORM = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/;

/** What a signature claims; nothing of it is proved yet. */
export interface WebhookSignature {
  /** Seconds since 1970, as they were signed. */
  readonly seconds: string;
  /** The HMAC, in hexadecimal. */
  readonly digest: string;
}

/** `t=<unix seconds>,v1=<hex HMAC-SHA256 of "<t>.<body>">`, over the bytes as they are sent. */
export function signWebhook(body: Uint8Array, secret: string, seconds: number): string {
  return `t=${seconds},v1=${digestOf(body, secret, String(seconds))}`;
}

/** The parts of a signature; undefined for another text. */
export function parseSignature(header: string): WebhookSignature | undefined {
  const [, seconds, digest] = FORM.exec(header) ?? [];
  return seconds === undefined || digest === undefined ? undefined : { seconds, digest };
}

/**
 * Whether a signature was made over the body with one of the secrets. It takes as long for a wrong one
 * as for a right one, so that nobody finds a digest byte by byte.
 */
export function isSignedWith(
  body: Uint8Array,
  { seconds, digest }: WebhookSignature,
  secrets: readonly string[],
): boolean {
  const given = Buffer.from(digest, 'hex');
  return secrets
    .map((secret) => timingSafeEqual(given, Buffer.from(digestOf(body, secret, seconds), 'hex')))
    .includes(true);
}

function digestOf(body: Uint8Array, secret: string, seconds: string): string {
  return createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
}
