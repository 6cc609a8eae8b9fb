import { createHmac, timingSafeEqual } from 'node:crypto';
import { clone } from '@bufbuild/protobuf';
import type { DescMessage, DescMethodUnary, MessageShape } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import { methodName } from '@meridian/language/method.ts';
import { canonicalText } from '../idempotency/request-digest.ts';
import { stalePage } from '../rpc/stale-page.ts';
import type { PageKey } from './page-key.ts';

/** What of a call a token is bound to. */
export interface PagedCall {
  /** SPIFFE ID of the calling service. */
  readonly peer: string;
  /** The signed context, where the call has one. */
  readonly context?: { readonly subject: string | undefined } | undefined;
}

/** A list that is walked over, page by page. */
export interface Walk<Item> {
  /** Of a page. */
  readonly size: number;
  /** What comes after a place, at most so many; from the beginning without one. */
  readonly list: (limit: number, after: string | undefined) => Promise<readonly Item[]>;
  readonly placeOf: (item: Item) => string;
}

/** Grows when the meaning of a token changes, so that an old one is refused, not misread. */
const TOKEN_FORMAT = 2;
/** Half of the digest; guessing it takes more than anybody can ask. Source: RFC 2104, section 5. */
const SIGNATURE_BYTES = 16;
const HEAD_BYTES = 1 + SIGNATURE_BYTES;

/** Fields of a request that may differ from one page of a walk to the next (AIP-158). */
const FREE_FIELDS = ['page_token', 'page_size'] as const;

/**
 * Tokens for places in walks over lists (AIP-158). A token is signed, and bound to the method, to whom
 * the page was made for and to everything else that the request asked: nobody can walk on with another's,
 * over another list, or from a place of their own making. What it says is not hidden.
 */
export class PageTokens {
  readonly #key: PageKey;

  constructor(key: PageKey) {
    this.#key = key;
  }

  /**
   * The page that a request asks for, and the token of the next one, empty on the last page.
   *
   * @throws {RpcError} as `place` does
   */
  async page<Input extends DescMessage, Item>(
    method: DescMethodUnary<Input>,
    request: MessageShape<Input>,
    call: PagedCall,
    walk: Walk<Item>,
  ): Promise<{ readonly items: readonly Item[]; readonly nextPageToken: string }> {
    // One more than asked for tells whether there is a next page.
    const found = await walk.list(walk.size + 1, await this.place(method, request, call));
    const items = found.slice(0, walk.size);
    const last = found.length > walk.size ? items.at(-1) : undefined;
    const nextPageToken =
      last === undefined ? '' : await this.next(method, request, call, walk.placeOf(last));
    return { items, nextPageToken };
  }

  /** The token of the page that goes on after a place; the place is a text in the service's own words. */
  async next<Input extends DescMessage>(
    method: DescMethodUnary<Input>,
    request: MessageShape<Input>,
    call: PagedCall,
    place: string,
  ): Promise<string> {
    const text = Buffer.from(place, 'utf8');
    const signature = signatureOf(await this.#key(), text, boundTo(method, request, call));
    return Buffer.concat([Buffer.of(TOKEN_FORMAT), signature, text]).toString('base64url');
  }

  /**
   * The place that the request's `page_token` names; undefined for the first page.
   *
   * @throws {RpcError} INVALID_ARGUMENT with the reason PAGE_TOKEN_STALE for a token that `next` did not
   *   make for this method, caller and request
   */
  async place<Input extends DescMessage>(
    method: DescMethodUnary<Input>,
    request: MessageShape<Input>,
    call: PagedCall,
  ): Promise<string | undefined> {
    const field = method.input.fields.find(({ name }) => name === 'page_token');
    const token = field && reflect(method.input, request).get(field);
    if (typeof token !== 'string') {
      throw new Error(`${methodName(method)}: its request has no text page_token`);
    }
    if (token === '') return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // Decoding skips what is not base64url; comparing the way back refuses such spellings.
    if (bytes.length < HEAD_BYTES || bytes.toString('base64url') !== token) throw stalePage();
    if (bytes.readUInt8(0) !== TOKEN_FORMAT) throw stalePage();
    const text = bytes.subarray(HEAD_BYTES);
    const expected = signatureOf(await this.#key(), text, boundTo(method, request, call));
    if (!timingSafeEqual(expected, bytes.subarray(1, HEAD_BYTES))) throw stalePage();
    return text.toString('utf8');
  }
}

/** Method, caller and what is asked, as parts whose ends nobody can move: a JSON array of texts. */
function boundTo<Input extends DescMessage>(
  method: DescMethodUnary<Input>,
  request: MessageShape<Input>,
  { context, peer }: PagedCall,
): string {
  const asked = clone(method.input, request);
  const fields = reflect(method.input, asked);
  for (const field of method.input.fields) {
    if (FREE_FIELDS.some((name) => name === field.name)) fields.clear(field);
  }
  // Nobody who is not signed in can be told from another; no subject is empty, and none is a SPIFFE ID.
  const caller = context === undefined ? peer : (context.subject ?? '');
  return JSON.stringify([methodName(method), caller, canonicalText(method.input, asked)]);
}

function signatureOf(key: Uint8Array, place: Buffer, bound: string): Buffer {
  const hmac = createHmac('sha256', key).update(Buffer.of(TOKEN_FORMAT));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(place.length);
  return hmac
    .update(length)
    .update(place)
    .update(bound, 'utf8')
    .digest()
    .subarray(0, SIGNATURE_BYTES);
}
