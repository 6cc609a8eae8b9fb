import { answerTo, NO } from '@meridian/language/access.ts';
import type { AccessRow } from '@meridian/language/access.ts';
import { RpcError } from '../rpc/rpc-error.ts';

/** The account that a call acts for. */
export interface SignedIn {
  readonly subject: string;
  readonly roles: readonly string[];
}

/**
 * Holds a caller against a method's row in the table of access.
 *
 * @param owner whose the object is that the request names; undefined if there is none
 * @param notFound what is thrown where the object is not there for this caller @default in general words
 * @throws {RpcError} PERMISSION_DENIED, or what `notFound` makes
 */
export function requireAccess(
  row: AccessRow,
  { subject, roles }: SignedIn,
  owner: string | undefined,
  notFound: () => RpcError = nothingThere,
): void {
  const someones = owner === subject ? 'own' : 'another';
  const answer = answerTo(row, roles, owner === undefined ? 'absent' : someones);
  if (answer === 'NOT_FOUND') throw notFound();
  if (answer === NO) throw new RpcError('PERMISSION_DENIED', 'no role of the caller opens this');
}

function nothingThere(): RpcError {
  return new RpcError('NOT_FOUND', 'the caller has nothing of this id');
}
