import type { DescMethod } from '@bufbuild/protobuf';
import { carriesSecrets } from '@meridian/kit/idempotency/carries-secrets.ts';
import {
  IDEMPOTENCY_RETENTION_HOURS,
  SECRET_RETENTION_MINUTES,
} from '@meridian/kit/idempotency/retention.ts';
import { repeatability } from '@meridian/kit/rpc/service-definition.ts';
import { IDEMPOTENCY_KEY_HEADER, IDEMPOTENCY_KEY_PATTERN } from '../http/idempotency-key.ts';
import type { RouteAccess } from '../token/access-table.ts';

const FORM = 'A string in quotes of 1 to 64 visible characters (RFC 9651)';

function keyParameter(description: string): unknown {
  return {
    name: IDEMPOTENCY_KEY_HEADER,
    in: 'header',
    description: `${FORM}: ${description}`,
    schema: { type: 'string', pattern: IDEMPOTENCY_KEY_PATTERN },
  };
}

/** The header of an idempotency key, by how long a key is good. */
export const IDEMPOTENCY_KEY_PARAMETERS = {
  IdempotencyKey: keyParameter(
    `the same request of the same caller under the same key is done once, and gets the first answer for ${IDEMPOTENCY_RETENTION_HOURS} hours.`,
  ),
  IdempotencyKeyOfSecret: keyParameter(
    `the same request under the same key is done once, and gets the first answer for ${SECRET_RETENTION_MINUTES} minutes. Whoever sends the same secret is the same caller; the key should be hard to guess too.`,
  ),
} as const;

/**
 * What an operation promises of a key: nothing if it needs none, nor if anybody may call it and nothing in
 * the request tells one caller from another.
 */
export function idempotencyParameter(
  method: DescMethod,
  { anonymous }: RouteAccess,
): readonly { readonly $ref: string }[] {
  if (repeatability(method) !== 'under-key') return [];
  if (carriesSecrets(method)) return [reference('IdempotencyKeyOfSecret')];
  return anonymous ? [] : [reference('IdempotencyKey')];
}

function reference(name: keyof typeof IDEMPOTENCY_KEY_PARAMETERS): { readonly $ref: string } {
  return { $ref: `#/components/parameters/${name}` };
}
