import type { KeyObject } from 'node:crypto';
import { createPublicKey, hash, verify } from 'node:crypto';
import type { Place } from './text.ts';
import { fromBase64, fromUtf8, shortened } from './text.ts';
import { VerificationError } from './verification-error.ts';

/** More than witnesses need; Go's golang.org/x/mod/sumdb/note has the same two limits. */
const MOST_NOTE_BYTES = 1_000_000;
const MOST_SIGNATURES = 100;

const KEY_BYTES = 32;
const TIME_BYTES = 8;
const KEY_ID_BYTES = 4;
const LINE_BREAK = 0x0a;

/** Signature types of C2SP signed-note that are checked here; others are of unknown keys. */
const TYPES = { 1: 'ed25519', 4: 'cosignature/v1' } as const;

/** A public key whose signatures count. */
export interface VerifierKey {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  /** A log signs with the first, a witness with the second. */
  readonly type: (typeof TYPES)[keyof typeof TYPES];
  readonly publicKey: KeyObject;
}

/** A signature of a known key that holds. */
export interface NoteSignature {
  readonly key: VerifierKey;
  /** Of a cosignature: when the witness saw this as the newest head, in seconds since 1970. */
  readonly time: bigint | undefined;
}

/** A note whose signatures were checked. */
export interface OpenNote {
  /** What was signed, with its last line break. */
  readonly text: string;
  /** At least one, and each of a key that was given. */
  readonly signatures: readonly [NoteSignature, ...NoteSignature[]];
}

/**
 * Reads a key in the form `<name>+<key id>+<base64 of type and key>` (C2SP signed-note, "Verifier keys").
 *
 * @throws {VerificationError} KEY_MALFORMED
 */
export function parseVerifierKey(vkey: string): VerifierKey {
  const place: Place = { code: 'KEY_MALFORMED', thing: `Key '${shortened(vkey)}'` };
  const [name = '', id = '', encoded = '', ...more] = split(vkey);
  const material = fromBase64(encoded, 'the third part', place);
  const type = TYPES[material[0] as keyof typeof TYPES] as VerifierKey['type'] | undefined;
  if (!isKeyName(name) || more.length > 0)
    throw badKey(place, 'have the form <name>+<id>+<base64>', vkey);
  if (type === undefined || material.length !== 1 + KEY_BYTES) {
    throw badKey(place, 'be an Ed25519 key of type 1 (a log) or 4 (a witness)', vkey);
  }
  const expected = hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), material])).slice(0, 8);
  if (id !== expected)
    throw badKey(place, `have the id ${expected}, which its name and key give`, id);
  const x = material.subarray(1).toString('base64url');
  return {
    name,
    id,
    type,
    publicKey: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }),
  };
}

/** Base64 may contain "+", so only the first two separate. */
function split(vkey: string): readonly string[] {
  const [, name, id, rest] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(vkey) ?? [];
  return name === undefined || id === undefined || rest === undefined ? [] : [name, id, rest];
}

/**
 * Checks a signed note (C2SP signed-note, tlog-cosignature). Signatures of keys that are not given are passed
 * over; one of a key that is given, but wrong, makes the whole note worthless.
 *
 * @throws {VerificationError} NOTE_MALFORMED, SIGNATURE_WRONG, or UNSIGNED where no given key signed it
 */
export function openNote(note: Uint8Array | string, keys: readonly VerifierKey[]): OpenNote {
  const { text, lines } = parseNote(note);
  const signatures = new Map<VerifierKey, NoteSignature>();
  for (const line of lines) {
    const key = keys.find(({ name, id }) => name === line.name && id === line.id);
    if (key === undefined) continue;
    const signature = checkSignature(text, line, key);
    if (!signatures.has(key)) signatures.set(key, signature);
  }
  const [first, ...others] = signatures.values();
  if (first !== undefined) return { text, signatures: [first, ...others] };
  throw new VerificationError(
    'UNSIGNED',
    `Note '${firstLine(text)}': must be signed by ${named(keys)}, got signatures of ${named(lines)}; give the key that signed it, if you trust that one.`,
  );
}

interface SignatureLine {
  readonly name: string;
  readonly id: string;
  readonly signature: Buffer;
}

function parseNote(note: Uint8Array | string): {
  readonly text: string;
  readonly lines: readonly SignatureLine[];
} {
  const bytes = typeof note === 'string' ? Buffer.from(note) : note;
  const place: Place = { code: 'NOTE_MALFORMED', thing: 'Note' };
  if (bytes.length > MOST_NOTE_BYTES) {
    throw malformed(place, `have at most ${MOST_NOTE_BYTES} bytes`, `${bytes.length}`);
  }
  const control = bytes.findIndex((byte) => byte < 0x20 && byte !== LINE_BREAK);
  if (control !== -1) {
    throw malformed(place, 'have no control characters', `${bytes[control] ?? 0} at ${control}`);
  }
  const whole = fromUtf8(bytes, place);
  const blank = whole.lastIndexOf('\n\n');
  if (blank === -1 || !whole.endsWith('\n') || blank + 2 === whole.length) {
    throw malformed(place, 'have a text, an empty line and signatures', `'${firstLine(whole)}'`);
  }
  const lines = whole.slice(blank + 2, -1).split('\n');
  if (lines.length > MOST_SIGNATURES) {
    throw malformed(place, `have at most ${MOST_SIGNATURES} signatures`, `${lines.length}`);
  }
  return {
    text: whole.slice(0, blank + 1),
    lines: lines.map((line) => signatureLine(line, place)),
  };
}

function signatureLine(line: string, place: Place): SignatureLine {
  const [, name = '', encoded = ''] = /^— ([^ ]+) ([^ ]+)$/.exec(line) ?? [];
  const bytes = fromBase64(encoded, 'a signature', place);
  if (!isKeyName(name) || bytes.length <= KEY_ID_BYTES) {
    throw malformed(place, 'have signature lines "— <name> <base64>"', `'${shortened(line)}'`);
  }
  return {
    name,
    id: bytes.subarray(0, KEY_ID_BYTES).toString('hex'),
    signature: bytes.subarray(KEY_ID_BYTES),
  };
}

function checkSignature(text: string, line: SignatureLine, key: VerifierKey): NoteSignature {
  const { message, signature, time } = signedBytes(text, line, key);
  if (verify(null, message, key.publicKey, signature)) return { key, time };
  throw new VerificationError(
    'SIGNATURE_WRONG',
    `Note '${firstLine(text)}': the signature of '${key.name}' (${key.id}) must be one of this text, got another; the note was changed after it was signed, so keep it as evidence.`,
  );
}

/** A log signs the text; a witness signs it below a line with the time (C2SP tlog-cosignature). */
function signedBytes(text: string, { signature }: SignatureLine, { type }: VerifierKey) {
  if (type === 'ed25519') return { message: Buffer.from(text), signature, time: undefined };
  // Too short for a time: no signature is left, and none holds.
  const time = signature.length < TIME_BYTES ? 0n : signature.readBigUInt64BE();
  return {
    message: Buffer.from(`cosignature/v1\ntime ${time}\n${text}`),
    signature: signature.subarray(TIME_BYTES),
    time,
  };
}

function isKeyName(name: string): boolean {
  return name !== '' && !/[\p{White_Space}+]/u.test(name);
}

function firstLine(text: string): string {
  return shortened(text.split('\n', 1)[0] ?? '');
}

function named(keys: readonly { readonly name: string; readonly id: string }[]): string {
  return keys.map(({ name, id }) => `'${name}' (${id})`).join(' or ');
}

function malformed({ code, thing }: Place, wanted: string, got: string): VerificationError {
  return new VerificationError(
    code,
    `${thing}: must ${wanted}, got ${got}; get it again from where it was published.`,
  );
}

function badKey({ code, thing }: Place, wanted: string, got: string): VerificationError {
  return new VerificationError(
    code,
    `${thing}: must ${wanted}, got '${shortened(got)}'; take it from where the log publishes its keys.`,
  );
}
