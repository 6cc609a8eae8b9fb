import { clone } from '@bufbuild/protobuf';
import type { Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { IncomingHttpHeaders } from 'node:http';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { problemFromRpc } from '../problem/from-rpc.ts';
import { HttpProblem } from '../problem/http-problem.ts';
import { versionField } from '../transcode/http-binding.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';

/** What If-Match or If-None-Match lists. Source: RFC 9110 section 13.1. */
export type EntityTags = '*' | readonly string[];

/** Each tag of If-Match is a call. */
const MAX_TAGS = 8;

/** Characters of a tag at most that a request can carry on; ours have a fraction of it. */
export const MAX_TAG_CHARACTERS = 250;

const TAG = `(W/)?"[!#-~]{0,${MAX_TAG_CHARACTERS}}"`;

/** What If-Match may be, in the form of the OpenAPI document; spaces and octets beyond ASCII are taken too. */
export const IF_MATCH_PATTERN = `^(\\*|${TAG}(, ?${TAG}){0,${MAX_TAGS - 1}})$`;

/** One member of a list, and its comma. Source: RFC 9110 sections 5.6.1.2 and 8.8.3. */
const MEMBER = /[ \t]*((?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")?[ \t]*(?:,|$)/y;

/** @throws {HttpProblem} 400 for what is not a list of entity tags, nor a star. */
export function entityTags(name: string, header: string | undefined): EntityTags | undefined {
  if (header === undefined) return undefined;
  if (header.trim() === '*') return '*';
  const tags: string[] = [];
  MEMBER.lastIndex = 0;
  while (MEMBER.lastIndex < header.length) {
    const member = MEMBER.exec(header);
    if (member === null) break;
    if (member[1] !== undefined) tags.push(member[1]);
  }
  if (tags.length > 0 && MEMBER.lastIndex === header.length) return [...new Set(tags)];
  throw new HttpProblem('malformed-request', {
    detail: `${name} must be a star or a list of entity tags in quotes, such as "1-abc".`,
  });
}

/**
 * Holds an answer to a read against If-Match.
 *
 * @param etag of what is answered; undefined if it has none, and then no tag fits
 * @throws {HttpProblem} 412, or 400
 */
export function requireMatch(headers: IncomingHttpHeaders, etag: string | undefined): void {
  const tags = entityTags('If-Match', headers['if-match']);
  if (tags === undefined || tags === '*') return;
  // The strong comparison: a weak tag is equal to none, itself included (section 8.8.3.2).
  if (etag !== undefined && !etag.startsWith('W/') && tags.includes(etag)) return;
  throw mismatch('The resource is not what If-Match says; read it again without.');
}

/** Whether a reader has what is answered, by the weak comparison of If-None-Match. */
export function isKnown(headers: IncomingHttpHeaders, etag: string): boolean {
  const condition = headers['if-none-match'];
  if (condition === undefined) return false;
  if (condition.trim() === '*') return true;
  const known = condition.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
  return known.some((tag) => tag.replace(/^W\//, '') === etag.replace(/^W\//, ''));
}

/**
 * The requests that a write under conditions is, of which the first that is met counts: the service
 * compares, in the transaction of the change. A condition that nobody can hold is refused, since a
 * write may not be done whose condition is false; one on a date is ignored, as no resource has one
 * (section 13.1.4).
 *
 * @throws {HttpProblem} 412, also for a request that itself names another version than If-Match, or 400
 */
export function underConditions(
  headers: IncomingHttpHeaders,
  { method }: HttpBinding,
  message: Message,
): readonly Message[] {
  if (headers['if-none-match'] !== undefined) {
    throw mismatch('This operation cannot depend on If-None-Match; send it without.');
  }
  const tags = entityTags('If-Match', headers['if-match']);
  // What does not exist is NOT_FOUND to a write, whatever its condition.
  if (tags === undefined || tags === '*') return [message];
  const field = versionField(method.input);
  if (field === undefined) {
    throw mismatch('This operation is on nothing that has a version; send it without If-Match.');
  }
  if (tags.length > MAX_TAGS) {
    throw new HttpProblem('malformed-request', {
      detail: `If-Match may list ${MAX_TAGS} entity tags here, got ${tags.length}.`,
    });
  }
  const versions = tags.map(versionOf);
  const given = reflect(method.input, message).get(field);
  if (given !== '' && !versions.some((version) => version === given)) {
    throw mismatch(`The resource cannot be what both If-Match and ${field.jsonName} say.`);
  }
  return (given === '' ? versions : [given]).map((version) => {
    const copy = clone(method.input, message);
    reflect(method.input, copy).set(field, version);
    return copy;
  });
}

/** Makes the first request that is not refused for its version. */
export async function firstMet(
  requests: readonly Message[],
  call: (request: Message) => Promise<Message>,
): Promise<Message> {
  const [request, ...others] = requests;
  if (request === undefined) throw new Error('there is always one request');
  try {
    return await call(request);
  } catch (error) {
    if (others.length === 0 || !isForAnother(error)) throw error;
    return await firstMet(others, call);
  }
}

/** A repetition under an idempotency key finds its answer with the version that was met then. */
function isForAnother(error: unknown): boolean {
  if (!(error instanceof RpcError)) return false;
  return ['etag-mismatch', 'idempotency-key-reused'].includes(problemFromRpc(error).problem);
}

/**
 * The version that a tag names, as services have it: without quotes. A weak tag and an empty one stay
 * as they are: no version looks like that, while an empty text would not be a condition at all.
 */
export function versionOf(tag: string): string {
  return tag.startsWith('W/') || tag === '""' ? tag : tag.slice(1, -1);
}

function mismatch(detail: string): HttpProblem {
  return new HttpProblem('etag-mismatch', { detail });
}
