import { ProblemSchema } from '@meridian/gateway/contract/gen/meridian/gateway/v1/problem_pb.js';
import type { Answer } from './platform-under-test.ts';

/** What a client at the edge heard: an answer, or that its connection broke. */
export type Heard = Answer | BrokenConnection;

/** A request without an answer. */
export interface BrokenConnection {
  readonly broken: string;
}

/** What the trouble itself explains, so that it is not a fault of an answer. */
export interface Explained {
  /** The edge itself was killed. @default false */
  readonly brokenConnections?: boolean;
}

const MEDIA_TYPE = 'application/problem+json';

/** What a client may be told instead of a success: to come again. The code is the contract's for it. */
const COME_AGAIN: ReadonlyMap<number, string> = new Map([
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
]);

/** Members that a problem has only where there is something to say (services/gateway/problem/README.md). */
const OCCASIONAL: ReadonlySet<string> = new Set(['instance', 'errors', 'metadata']);

const MEMBERS: readonly string[] = ProblemSchema.fields.map(({ jsonName }) => jsonName);

/**
 * What is wrong with what a client heard while something was broken, or undefined if it is as it must
 * be: a success, or a 503 or 504 problem of the contract's form that says when to come again, from
 * whatever part it came (RFC 9457; RFC 9110, section 10.2.3). All that judges answers under trouble
 * is here.
 */
export function faultOf(heard: Heard, explained: Explained = {}): string | undefined {
  if ('broken' in heard) {
    return explained.brokenConnections === true ? undefined : `no answer: ${heard.broken}`;
  }
  const { status, body } = heard;
  if ((status >= 200 && status < 300) || status === 304) return undefined;
  const code = COME_AGAIN.get(status);
  const faults = code === undefined ? ['not a status of trouble'] : problemFaults(heard, code);
  return faults.length === 0 ? undefined : `${status} ${faults.join('; ')}: ${body.slice(0, 300)}`;
}

/** How often each fault was heard, and one example of each kind: what a campaign fails with. */
export function faultsIn(heard: readonly Heard[], explained: Explained = {}): readonly string[] {
  const kinds = new Map<string, { readonly example: string; count: number }>();
  for (const one of heard) {
    const fault = faultOf(one, explained);
    if (fault === undefined) continue;
    // Identifiers and numbers make each occurrence its own.
    const kind = fault.replaceAll(/[0-9a-f-]{16,}|\d{4,}/g, '…');
    const known = kinds.get(kind);
    if (known === undefined) kinds.set(kind, { example: fault, count: 1 });
    else known.count += 1;
  }
  return [...kinds.values()].map(({ example, count }) => `${count} × ${example}`);
}

function problemFaults({ status, headers, body }: Answer, code: string): readonly string[] {
  const faults: string[] = [];
  const mediaType = String(headers['content-type']);
  if (mediaType !== MEDIA_TYPE) faults.push(`media type ${mediaType}`);
  const retryAfter = headers['retry-after'];
  if (!/^[1-9]\d*$/.test(String(retryAfter))) faults.push(`Retry-After ${String(retryAfter)}`);
  const problem = objectIn(body);
  if (problem === undefined) return [...faults, 'not a JSON object'];
  for (const member of MEMBERS) {
    if (!(member in problem) && !OCCASIONAL.has(member)) faults.push(`no member '${member}'`);
  }
  for (const member of Object.keys(problem)) {
    if (!MEMBERS.includes(member)) faults.push(`unknown member '${member}'`);
  }
  const expected = { status, code, requestId: headers['x-request-id'] };
  for (const [member, value] of Object.entries(expected)) {
    if (member in problem && problem[member] !== value) {
      faults.push(`member '${member}' is ${JSON.stringify(problem[member])}, not ${String(value)}`);
    }
  }
  return faults;
}

function objectIn(body: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}
