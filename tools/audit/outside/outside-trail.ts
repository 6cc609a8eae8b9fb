import { answer, EndlessPages } from '@meridian/audit/reading/answer.ts';
import { RpcLog } from '@meridian/audit/verification/rpc-log.ts';
import { verification } from '@meridian/audit/verification/verification.ts';
import type { Question } from '@meridian/audit/reading/question.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import { rowOf } from '../../order-story/entry-row.ts';
import { entries, maybeEntry } from '../entry.ts';
import type { Reach } from '../reach.ts';
import type { Trail } from '../trail.ts';
import { auditApi } from './audit-api.ts';
import { credentialsOf } from './credentials.ts';
import { openEdge } from './edge.ts';
import { untold } from './untold.ts';

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
    async ask(question) {
      const told = await answer(audit, question, { signal }).catch(notByRpc);
      mustBeShown(question, told);
      return told;
    },
    verification: (trusted) =>
      verification(trusted, (note) => new RpcLog(audit, note, signal)).catch(notByRpc),
    [Symbol.asyncDispose]: () => edge[Symbol.asyncDispose](),
  };
}

/** What is an answer to some question, and to none of these. */
function notByRpc(error: unknown): never {
  if (error instanceof RpcError || error instanceof EndlessPages) throw untold(PLACE, error);
  throw error;
}

/** Entries that cannot be shown: each has what the contract says, and its data as JSON is that of its type. */
function mustBeShown(question: Question, told: unknown): void {
  if (question.ask === 'proofs') return;
  try {
    const shown = question.ask === 'state' ? [maybeEntry.parse(told)] : entries.parse(told);
    for (const entry of shown) if (entry !== null) rowOf(entry);
  } catch (error) {
    throw untold(PLACE, error);
  }
}

const PLACE = 'API of the audit trail';
