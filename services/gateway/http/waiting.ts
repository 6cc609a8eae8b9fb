import { create } from '@bufbuild/protobuf';
import type { DescField, Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { DurationSchema } from '@bufbuild/protobuf/wkt';
import type { IncomingHttpHeaders } from 'node:http';
import { LONGEST_WAIT_MS } from '@meridian/kit/rpc/longest-wait.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { MAX_TAG_CHARACTERS, versionOf } from './conditions.ts';

/** The longest wait that is granted; who asks for more gets this, and is told so. */
export const LONGEST_WAIT_SECONDS = LONGEST_WAIT_MS / 1_000;

/** One preference and what follows its comma. Source: RFC 7240 section 2, with RFC 9110's token and quoted-string. */
const PREFERENCE =
  /[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+)(?:[ \t]*=[ \t]*([!#$%&'*+.^_`|~0-9A-Za-z-]+|"(?:[^"\\]|\\.)*"))?[^,]*(?:,|$)/y;

/**
 * The seconds that `Prefer` wants a read to wait; undefined without such a preference. What cannot be
 * understood is passed over, and of two the first counts (RFC 7240 sections 2 and 4.3).
 */
export function preferredWaitSeconds(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  PREFERENCE.lastIndex = 0;
  while (PREFERENCE.lastIndex < header.length) {
    const [, name, value] = PREFERENCE.exec(header) ?? [];
    if (name === undefined) return undefined;
    if (name.toLowerCase() !== 'wait') continue;
    const text = value?.replace(/^"(.*)"$/, '$1') ?? '';
    return /^[0-9]{1,9}$/.test(text) ? Number(text) : undefined;
  }
  return undefined;
}

const ONE_TAG = new RegExp(`^[ \\t]*(?:W/)?("[!#-~]{1,${MAX_TAG_CHARACTERS}}")[ \\t]*$`);

/** A read that is to be answered when what is read differs from what the caller has. */
export interface Wait {
  /** The field that takes how long. */
  readonly field: DescField;
  readonly seconds: number;
}

/**
 * Puts what the caller has, as If-None-Match says it, into the request of an operation that can wait, and
 * tells how long it is to wait. Nobody waits without having anything, or for one of several versions:
 * the answer to those is there at once.
 */
export function readWait(
  headers: IncomingHttpHeaders,
  { waits }: HttpBinding,
  message: Message,
): Wait | undefined {
  const tag = ONE_TAG.exec(headers['if-none-match'] ?? '')?.[1];
  if (waits === undefined || tag === undefined) return undefined;
  const fields = reflect(waits.message, message);
  fields.set(waits.ifNoneMatch, versionOf(tag));
  const asked = preferredWaitSeconds([headers['prefer']].flat().join(','));
  if (asked === undefined || asked === 0) return undefined;
  return { field: waits.wait, seconds: Math.min(asked, LONGEST_WAIT_SECONDS) };
}

/** Sets for how long the service is to wait, or that it is not to. */
export function setWait({ field, seconds }: Wait, message: Message, waiting: boolean): void {
  const fields = reflect(field.parent, message);
  if (waiting) {
    fields.set(
      field,
      reflect(DurationSchema, create(DurationSchema, { seconds: BigInt(seconds) })),
    );
  } else {
    fields.clear(field);
  }
}

/** The reads of a gateway that wait: so many at once, and none any more when the gateway leaves. */
export class Waits {
  readonly #most: number;
  readonly #leaving = new AbortController();
  #count = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many wait now. */
  get count(): number {
    return this.#count;
  }

  /** Aborted when all are to be answered at once. */
  get leaving(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Takes a place; one that was given must `leave`. Whoever gets none is answered at once. */
  tryEnter(): boolean {
    if (this.#count >= this.#most || this.#leaving.signal.aborted) return false;
    this.#count += 1;
    return true;
  }

  /** Gives a place back. */
  leave(): void {
    this.#count -= 1;
  }

  /** Has all of them answered with what there is now. */
  answerAll(): void {
    this.#leaving.abort();
  }
}
