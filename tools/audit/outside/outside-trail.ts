import { answer } from '@meridian/audit/reading/answer.ts';
import { RpcLog } from '@meridian/audit/verification/rpc-log.ts';
import { verification } from '@meridian/audit/verification/verification.ts';
import type { Reach } from '../reach.ts';
import type { Trail } from '../trail.ts';
import { auditApi } from './audit-api.ts';
import { credentialsOf } from './credentials.ts';
import { openEdge } from './edge.ts';

/** Nothing ends it but the end of the command. */
const { signal } = new AbortController();

/**
 * The trail of a platform by its public API, with nothing of that platform on this machine.
 *
 * @throws {CodedError} AUDIT_OPTION_UNUSABLE; and of its parts AUDIT_API_REFUSED, AUDIT_API_UNREACHABLE
 */
export function outsideTrail(url: string, reach: Reach): Trail {
  const edge = openEdge(url, reach);
  const audit = auditApi(edge, credentialsOf(edge, reach));
  return {
    ask: (question) => answer(audit, question, { signal }),
    verification: (trusted) => verification(trusted, (note) => new RpcLog(audit, note, signal)),
    [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose](),
  };
}
