import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { DescMessage, MessageShape } from '@bufbuild/protobuf';
import { canonicalText } from './request-digest.ts';

const KEY_BYTES = 32;
const MATERIAL_BYTES_MIN = 32;
/** Sizes of AES-GCM. Source: NIST SP 800-38D, sections 5.2.1 and 8.2.2. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHER = 'aes-256-gcm';

/**
 * What only the sender of a request knows, as three keys that nobody without it can compute, so that the
 * database holds nothing of it: whose idempotency key it is, the digest of the request, and the key of
 * its answer.
 */
export class RequestSecret {
  /** Stands for the sender; no subject and no SPIFFE ID looks like it. */
  readonly owner: string;
  readonly #digestKey: Buffer;
  readonly #answerKey: Buffer;

  /** `material` is 32 bytes or more that cannot be guessed, such as a token. Throws Error otherwise. */
  constructor(material: Uint8Array) {
    if (material.length < MATERIAL_BYTES_MIN) {
      throw new Error(
        `Secret of a request: must have ${MATERIAL_BYTES_MIN} bytes or more, got ${material.length}`,
      );
    }
    const length = 3 * KEY_BYTES;
    const keys = Buffer.from(hkdfSync('sha256', material, '', 'meridian idempotency', length));
    this.owner = `secret:${keys.subarray(0, KEY_BYTES).toString('base64url')}`;
    this.#digestKey = keys.subarray(KEY_BYTES, 2 * KEY_BYTES);
    this.#answerKey = keys.subarray(2 * KEY_BYTES);
  }

  /** A digest of the request by which no guess at a secret in it can be tried. */
  digest<Schema extends DescMessage>(schema: Schema, request: MessageShape<Schema>): Buffer {
    return createHmac('sha256', this.#digestKey).update(canonicalText(schema, request)).digest();
  }

  /** Encrypts an answer; `place` is what it is the answer to. */
  seal(answer: Uint8Array, place: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, this.#answerKey, nonce).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(answer), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** The answer that was sealed for that place; throws Error if somebody changed it. */
  open(sealed: Uint8Array, place: string): Buffer {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const options = { authTagLength: TAG_BYTES };
    const decipher = createDecipheriv(CIPHER, this.#answerKey, nonce, options)
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
    const answer = decipher.update(sealed.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([answer, decipher.final()]);
  }
}
