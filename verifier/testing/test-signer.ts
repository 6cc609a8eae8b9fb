import type { KeyObject } from 'node:crypto';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

/** A log or a witness with a key of its own, for tests: writes what the verifier reads. */
export class TestSigner {
  readonly name: string;
  readonly type: 1 | 4;
  readonly privateKey: KeyObject;
  readonly #material: Buffer;

  constructor(name: string, type: 1 | 4 = 1) {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    this.name = name;
    this.type = type;
    this.privateKey = privateKey;
    const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
    this.#material = Buffer.concat([Buffer.of(type), raw]);
  }

  get id(): Buffer {
    return createHash('sha256')
      .update(`${this.name}\n`)
      .update(this.#material)
      .digest()
      .subarray(0, 4);
  }

  get vkey(): string {
    return `${this.name}+${this.id.toString('hex')}+${this.#material.toString('base64')}`;
  }

  /** The private key (RFC 8032). */
  get seed(): Buffer {
    return Buffer.from(this.privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  }

  /** The key in the form that Go's note.NewSigner reads. */
  get signerKey(): string {
    const material = Buffer.concat([Buffer.of(this.type), this.seed]).toString('base64');
    return `PRIVATE+KEY+${this.name}+${this.id.toString('hex')}+${material}`;
  }

  /** The signature line of a text. */
  line(text: string, time = 1_700_000_000n): string {
    const stamp = Buffer.alloc(8);
    stamp.writeBigUInt64BE(time);
    const bytes =
      this.type === 1
        ? sign(null, Buffer.from(text), this.privateKey)
        : Buffer.concat([
            stamp,
            sign(null, Buffer.from(`cosignature/v1\ntime ${time}\n${text}`), this.privateKey),
          ]);
    return `— ${this.name} ${Buffer.concat([this.id, bytes]).toString('base64')}\n`;
  }

  /** A signed note. */
  note(text: string, ...others: readonly TestSigner[]): string {
    return `${text}\n${[this, ...others].map((each) => each.line(text)).join('')}`;
  }

  /** A signed checkpoint whose origin is the signer's name. */
  checkpoint(size: number, root: Uint8Array, ...witnesses: readonly TestSigner[]): string {
    const text = `${this.name}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
    return this.note(text, ...witnesses);
  }
}
