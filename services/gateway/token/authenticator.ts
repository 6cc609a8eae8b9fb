import type { IncomingMessage } from 'node:http';
import type { DescMethod } from '@bufbuild/protobuf';
import { HttpProblem } from '../problem/http-problem.ts';
import { accessTo } from './access-table.ts';
import type { AccessTable } from './access-table.ts';
import { bearerToken } from './bearer.ts';
import { ANONYMOUS } from './caller.ts';
import type { Caller } from './caller.ts';
import { roleMissing, tokenInvalid, tokenMissing } from './refusals.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** What is read of a request. */
export type Credentials = Pick<IncomingMessage, 'headers' | 'rawHeaders'>;

/** Finds out who calls, and whether they may call a method: apart, since a caller who may not is counted too. */
export interface Authenticator {
  /** @throws {HttpProblem} 400, 401, 429 or 503 */
  identify(request: Credentials): Promise<Caller>;
  /** @throws {HttpProblem} 401 or 403 */
  authorise(caller: Caller, method: DescMethod): void;
}

/**
 * Counts a token before it is verified; resolves to what gives that back, for one that was not
 * refused. @throws {HttpProblem} 429
 */
export type CountToken = (request: Credentials) => Promise<() => Promise<void>>;

/**
 * Callers by their access token. A token that is sent must be good, even where none is needed: who
 * sends one wants to be known.
 *
 * @param verifier undefined where there is no identity service: then nobody issues tokens
 */
export function tokenAuthenticator(
  access: AccessTable,
  verifier: Pick<TokenVerifier, 'recall' | 'verify'> | undefined,
  count: CountToken,
): Authenticator {
  return {
    identify: async (request) => {
      const token = bearerToken(request.rawHeaders);
      if (token === undefined) return ANONYMOUS;
      if (verifier === undefined) throw tokenInvalid('nobody issues tokens here');
      return (
        verifier.recall(token) ??
        (await countRefusal(
          () => verifier.verify(token),
          () => count(request),
        ))
      );
    },
    authorise: (caller, method) => {
      const { anonymous, roles } = accessTo(access, method);
      if (caller.subject === undefined) {
        if (!anonymous) throw tokenMissing();
      } else if (roles.length > 0 && !roles.some((role) => caller.roles.includes(role))) {
        throw roleMissing(roles);
      }
    },
  };
}

/** Verifies a token so that only a refusal counts. */
async function countRefusal(
  verify: () => Promise<Caller>,
  count: () => ReturnType<CountToken>,
): Promise<Caller> {
  const giveBack = await count();
  let refused = false;
  try {
    return await verify();
  } catch (error) {
    refused = error instanceof HttpProblem && error.problem === 'unauthenticated';
    throw error;
  } finally {
    if (!refused) await giveBack();
  }
}
