import { hash } from 'node:crypto';
import { HASH_BYTES, hashText } from './hashing.ts';
import type { Place } from './text.ts';
import { fromDecimal, fromUtf8 } from './text.ts';
import { VerificationError } from './verification-error.ts';

const PREFIX = Buffer.from('meridian.audit.leaf.v1\n');

/** A leaf has a length of 16 bits in an entry bundle (C2SP tlog-tiles, "Log entries"). */
const MOST_LEAF_BYTES = 0xffff;

/** Written for the length of a field that is not there. */
const ABSENT = 0xffffffff;

/** Of a kind whose data was too long for a leaf, which has the data's SHA-256 in its place. */
const HASHED = '+sha256';

/**
 * Of a kind whose data lies in an archive: a leaf as its server still can show it, with the hash of the whole one in
 * place of the data.
 */
const ARCHIVED = '+archived';

const KINDS = ['event', 'baseline', 'unreadable'] as const;

/**
 * `event` is a change that a service published; `baseline` the state of an aggregate from before the log
 * began; `unreadable` a record whose headers could not be read.
 */
export type LeafKind = (typeof KINDS)[number];

/** An entry of the audit log, as its leaf has it. */
export interface Leaf {
  readonly kind: LeafKind;
  /** Who published it. */
  readonly source: string;
  /** Unique with the source. */
  readonly id: string;
  readonly type: string;
  /** The aggregate that changed, unique with the source. */
  readonly subject: string;
  /** Of the aggregate after this change, from 1; an event of an early program has none. */
  readonly version: number | undefined;
  /** RFC 3339 with milliseconds, in UTC. */
  readonly time: string;
  /** The id of what caused it. */
  readonly causation: string | undefined;
  readonly correlation: string;
  /** The bytes as they were published, or only their SHA-256 where they were too long. */
  readonly data: Uint8Array;
  readonly dataIsHash: boolean;
  /** It is only what is shown of a leaf whose data lies in an archive: `data` is the hash of that leaf. */
  readonly archived?: true;
}

/** What a leaf is made of: the data is always whole. */
export type LeafContent = Omit<Leaf, 'dataIsHash' | 'archived'>;

/**
 * Writes a leaf:
 *
 *     "meridian.audit.leaf.v1\n" f(kind) f(source) f(id) f(type) f(subject) f(version) f(time) f(causation)
 *     f(correlation) f(data)       f(x) = uint32 big-endian length, bytes; absent: 0xFFFFFFFF alone
 *
 * One that would exceed 65,535 bytes has the SHA-256 of its data, and "+sha256" behind its kind.
 *
 * @throws {VerificationError} LEAF_MALFORMED for one that is too long even so
 */
export function encodeLeaf(content: LeafContent): Uint8Array {
  const whole = encoded(content.kind, content, content.data);
  if (whole.length <= MOST_LEAF_BYTES) return whole;
  const short = encoded(content.kind + HASHED, content, hash('sha256', content.data, 'buffer'));
  if (short.length <= MOST_LEAF_BYTES) return short;
  throw malformed(`have at most ${MOST_LEAF_BYTES} bytes without its data`, `${short.length}`);
}

function encoded(kind: string, content: LeafContent, data: Uint8Array): Buffer {
  const { source, id, type, subject, version, time, causation, correlation } = content;
  const texts = [
    kind,
    source,
    id,
    type,
    subject,
    version?.toString(),
    time,
    causation,
    correlation,
  ];
  return Buffer.concat([PREFIX, ...texts.flatMap(field), ...field(data)]);
}

function field(value: string | Uint8Array | undefined): readonly Uint8Array[] {
  const length = Buffer.alloc(4);
  if (value === undefined) {
    length.writeUInt32BE(ABSENT);
    return [length];
  }
  const bytes = Buffer.from(value);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

/**
 * Reads a leaf. Every leaf has one reading, and every reading one leaf.
 *
 * @throws {VerificationError} LEAF_MALFORMED
 */
export function decodeLeaf(leaf: Uint8Array): Leaf {
  const read = decodeShown(leaf);
  if (read.archived !== true) return read;
  throw malformed(`be of kind ${KINDS.join(', ')}`, `'${read.kind}${ARCHIVED}'`);
}

/** Whether it begins as what is shown of a leaf whose data lies in an archive, without reading all of it. */
export function isArchived(leaf: Uint8Array): boolean {
  const at = PREFIX.length + 4;
  const view = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length);
  if (view.length < at) return false;
  const kind = view.subarray(at, at + view.readUInt32BE(PREFIX.length));
  return kind.subarray(-ARCHIVED.length).equals(Buffer.from(ARCHIVED));
}

/**
 * Reads what is shown of a leaf, which may lack its data.
 *
 * @throws {VerificationError} LEAF_MALFORMED
 */
export function decodeShown(leaf: Uint8Array): Leaf {
  const bytes = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length);
  if (!bytes.subarray(0, PREFIX.length).equals(PREFIX)) {
    throw malformed(`begin with "${PREFIX.toString().trim()}"`, 'another beginning');
  }
  let at = PREFIX.length;
  const next = (name: string): Buffer | undefined => {
    if (at + 4 > bytes.length)
      throw malformed(`have a ${name}`, `${bytes.length} bytes without one`);
    const length = bytes.readUInt32BE(at);
    at += 4;
    if (length === ABSENT) return undefined;
    if (at + length > bytes.length) {
      throw malformed(`have ${length} bytes of ${name}`, `${bytes.length - at}`);
    }
    at += length;
    return bytes.subarray(at - length, at);
  };
  const place = (name: string): Place => ({ code: 'LEAF_MALFORMED', thing: `Leaf, ${name}` });
  const optional = (name: string): string | undefined => {
    const found = next(name);
    return found === undefined ? undefined : fromUtf8(found, place(name));
  };
  const text = (name: string): string => optional(name) ?? missing(name);
  const kind = text('kind');
  const [source, id, type, subject] = [text('source'), text('id'), text('type'), text('subject')];
  const version = optional('version');
  const [time, causation, correlation] = [
    timeOf(text('time')),
    optional('causation'),
    text('correlation'),
  ];
  const data = next('data') ?? missing('data');
  if (at !== bytes.length)
    throw malformed('end with its data', `${bytes.length - at} bytes behind it`);
  return {
    ...kindOf(kind, data),
    ...{ source, id, type, subject, time, causation, correlation, data },
    version: version === undefined ? undefined : versionOf(version, place('version')),
  };
}

function kindOf(text: string, data: Uint8Array): Pick<Leaf, 'kind' | 'dataIsHash' | 'archived'> {
  const suffix = [HASHED, ARCHIVED].find((each) => text.endsWith(each));
  const dataIsHash = suffix === HASHED;
  const name = text.slice(0, text.length - (suffix?.length ?? 0));
  const kind = KINDS.find((each) => each === name);
  if (kind === undefined) throw malformed(`be of kind ${KINDS.join(', ')}`, `'${name}'`);
  if (suffix !== undefined && data.length !== HASH_BYTES) {
    throw malformed(`have ${HASH_BYTES} bytes in place of its data`, `${data.length}`);
  }
  return { kind, dataIsHash, ...(suffix === ARCHIVED ? { archived: true } : {}) };
}

function versionOf(text: string, place: Place): number {
  const version = fromDecimal(text, 'it', place);
  if (version === 0) throw malformed('have a version from 1', '0');
  return version;
}

function timeOf(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime()) || time.toISOString() !== text) {
    throw malformed('have a time such as 2026-01-31T12:00:00.000Z', `'${text.slice(0, 40)}'`);
  }
  return text;
}

/** Whether some data is what a leaf was made of, also where the leaf has only its hash. */
export function hasData(leaf: Leaf, data: Uint8Array): boolean {
  const kept = leaf.dataIsHash ? hash('sha256', data, 'buffer') : data;
  return hashText(kept) === hashText(leaf.data);
}

function missing(name: string): never {
  throw malformed(`have a ${name}`, 'none');
}

function malformed(wanted: string, got: string): VerificationError {
  return new VerificationError(
    'LEAF_MALFORMED',
    `Leaf: must ${wanted}, got ${got}; it is of another format, or was changed.`,
  );
}
