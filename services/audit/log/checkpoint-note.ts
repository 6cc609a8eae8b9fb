import { createPublicKey, hash, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The head of a log as a checkpoint says it. */
export interface CheckpointText {
  /** Name of the log. */
  readonly origin: string;
  readonly size: bigint;
  readonly root: Buffer;
}

/** A key as signed notes name it. Source: C2SP signed-note, "Verifier keys". */
export interface NoteKey {
  /** Eight hexadecimal digits. */
  readonly keyId: string;
  /** `<name>+<key id>+<base64 of type and key>`. */
  readonly vkey: string;
}

/** Ed25519. Source: C2SP signed-note, "Signature types". */
const ED25519 = 1;
const KEY_ID_BYTES = 4;

/** What a public key is called as the key of a log. */
export function noteKeyOf(origin: string, publicKey: KeyObject): NoteKey {
  const { x = '' } = publicKey.export({ format: 'jwk' });
  const material = Buffer.concat([Buffer.from([ED25519]), Buffer.from(x, 'base64url')]);
  const keyId = hash('sha256', Buffer.concat([Buffer.from(`${origin}\n`), material])).slice(0, 8);
  return { keyId, vkey: `${origin}+${keyId}+${material.toString('base64')}` };
}

/** Signs a head: the checkpoint as a note. Sources: C2SP tlog-checkpoint, signed-note. */
export function signCheckpoint(head: CheckpointText, privateKey: KeyObject): string {
  const { origin, size, root } = head;
  const text = `${origin}\n${size}\n${root.toString('base64')}\n`;
  const { keyId } = noteKeyOf(origin, createPublicKey(privateKey));
  const signature = sign(null, Buffer.from(text), privateKey);
  const signed = Buffer.concat([Buffer.from(keyId, 'hex'), signature]).toString('base64');
  return `${text}\n— ${origin} ${signed}\n`;
}

/** Reads a checkpoint without a look at its signatures; throws for what is none. */
export function parseCheckpoint(note: string): CheckpointText {
  const [, origin = '', size = '', root = ''] = FORM.exec(note) ?? [];
  if (origin === '')
    throw new Error('Checkpoint: must have origin, size and root, got another text');
  return { origin, size: BigInt(size), root: Buffer.from(root, 'base64') };
}

/** The same; undefined for what is none. */
export function headIn(text: string): CheckpointText | undefined {
  return FORM.test(text) ? parseCheckpoint(text) : undefined;
}

const FORM = /^([^\n]+)\n(0|[1-9]\d{0,18})\n([A-Za-z0-9+/]{43}=)\n(?:[^\n]+\n)*\n/;

/** The ids of the keys that are said to have signed a note, whatever their names. */
export function signersOf(note: string): readonly string[] {
  return signaturesOf(note).map((signed) => signed.toString('hex', 0, KEY_ID_BYTES));
}

/** Whether a key signed a note. */
export function isSignedBy(note: string, vkey: string): boolean {
  const [, keyId, ...rest] = vkey.split('+');
  const x = Buffer.from(rest.join('+'), 'base64').subarray(1).toString('base64url');
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  const text = Buffer.from(note.slice(0, note.lastIndexOf('\n\n') + 1));
  return signaturesOf(note).some(
    (signed) =>
      signed.toString('hex', 0, KEY_ID_BYTES) === keyId &&
      verify(null, text, key, signed.subarray(KEY_ID_BYTES)),
  );
}

function signaturesOf(note: string): readonly Buffer[] {
  const lines = note.slice(note.lastIndexOf('\n\n') + 2).matchAll(/^— \S+ (\S+)$/gm);
  return Array.from(lines, ([, signed = '']) => Buffer.from(signed, 'base64'));
}
