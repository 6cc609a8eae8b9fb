import type { DescMethod } from '@bufbuild/protobuf';
import { isIdempotent } from '@meridian/kit/rpc/service-definition.ts';
import { HttpProblem } from '../problem/http-problem.ts';

/** Header under which a client repeats a write without doing it twice. */
export const IDEMPOTENCY_KEY_HEADER = 'idempotency-key';

/** Characters of a key at most. */
const MAX_CHARACTERS = 64;

/**
 * A String of structured fields: printable ASCII in quotes, with \" and \\ for what they escape
 * (RFC 9651 section 3.3.3). Of its characters, spaces are left out here: a key is one word. In the form
 * that the OpenAPI document has too.
 */
export const IDEMPOTENCY_KEY_PATTERN = `^"([!#-\\[\\]-~]|\\\\["\\\\]){1,${MAX_CHARACTERS}}"$`;

const STRING = new RegExp(IDEMPOTENCY_KEY_PATTERN);

/**
 * The idempotency key of a request to a method that is not idempotent by itself; undefined for any
 * other method, which needs none. Source: draft-ietf-httpapi-idempotency-key-header-07, section 2.1.
 *
 * @throws {HttpProblem} 400 if it is not a string of 1 to 64 visible characters.
 */
export function idempotencyKeyOf(
  header: string | readonly string[] | undefined,
  method: DescMethod,
): string | undefined {
  if (header === undefined || isIdempotent(method)) return undefined;
  const text = String(header).trim();
  if (STRING.test(text)) return text.slice(1, -1).replaceAll(/\\(.)/g, '$1');
  throw new HttpProblem('malformed-request', {
    detail: `Idempotency-Key must be one string in quotes of 1 to ${MAX_CHARACTERS} visible characters, such as "8e03978e-40d5-43dd-bc93-6894a57f9324".`,
  });
}
