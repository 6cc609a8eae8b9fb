import type { Question } from '@meridian/audit/reading/question.ts';
import type { Trusted } from '@meridian/audit/verification/trusted.ts';
import type { Reach } from './reach.ts';

/** Where the audit trail is asked. */
export interface Trail extends AsyncDisposable {
  /** What the task `audit-reading` answers, as JSON. */
  ask(question: Question): Promise<unknown>;
  /** What the task `audit-verification` prints. */
  verification(trusted: Trusted): Promise<object>;
}

/**
 * The trail of the platform on this machine, by tasks that run in it; where an address is given, that of another
 * by its public API.
 *
 * @throws {CodedError} AUDIT_OPTION_UNUSABLE
 */
export async function openTrail(reach: Reach): Promise<Trail> {
  if (reach.url === undefined) return (await import('./local-trail.ts')).localTrail;
  return (await import('./outside/outside-trail.ts')).outsideTrail(reach.url, reach);
}
