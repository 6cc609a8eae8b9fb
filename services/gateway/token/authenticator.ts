import type { IncomingMessage } from 'node:http';
import type { DescMethod } from '@bufbuild/protobuf';
import { accessTo } from './access-table.ts';
import type { AccessTable } from './access-table.ts';
import { bearerToken } from './bearer.ts';
import { ANONYMOUS } from './caller.ts';
import type { Caller } from './caller.ts';
import { roleMissing, tokenInvalid, tokenMissing } from './refusals.ts';
import type { TokenVerifier } from './token-verifier.ts';

/** Finds out who calls, and whether they may call this method. */
export interface Authenticator {
  /** @throws {HttpProblem} 400, 401, 403 or 503 */
  authenticate(request: Pick<IncomingMessage, 'rawHeaders'>, method: DescMethod): Promise<Caller>;
}

/**
 * Callers by their access token. A token that is sent must be good, even where none is needed: who
 * sends one wants to be known.
 *
 * @param verifier undefined where there is no identity service: then nobody issues tokens
 */
export function tokenAuthenticator(
  access: AccessTable,
  verifier: Pick<TokenVerifier, 'verify'> | undefined,
): Authenticator {
  return {
    authenticate: async ({ rawHeaders }, method) => {
      const { anonymous, roles } = accessTo(access, method);
      const token = bearerToken(rawHeaders);
      if (token === undefined) {
        if (anonymous) return ANONYMOUS;
        throw tokenMissing();
      }
      if (verifier === undefined) throw tokenInvalid('nobody issues tokens here');
      const caller = await verifier.verify(token);
      if (roles.length === 0 || roles.some((role) => caller.roles.includes(role))) return caller;
      throw roleMissing(roles);
    },
  };
}
