import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { CodedError } from '@meridian/language/coded-error.ts';
import { RpcError } from '@meridian/kit/rpc/rpc-error.ts';
import type { StatusName } from '@meridian/kit/rpc/rpc-error.ts';
import { printable } from '../../meridian/output/printable.ts';
import type { Edge, EdgeAnswer, EdgeRequest } from '../../shop/edge-client.ts';

/** What a call shows of who makes it. */
export interface Credentials {
  /** The token to call with now. */
  token(): Promise<string>;
  /** Another in place of one that was refused; undefined if there is none. */
  renewed(refused: string): Promise<string | undefined>;
}

const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 250;
const PAUSE_MAX_MS = 30_000;

const WHO_SIGNS_IN =
  'see whether --email is the address of an account, and whether the file of --password or MERIDIAN_PASSWORD has its password alone';
const WHO_ASKS =
  'a token is good for five minutes: take another, or give --email and --password instead';
/** What undici says of an answer that is longer than is allowed. */
const TOO_LONG = 'UND_ERR_RES_EXCEEDED_MAX_SIZE';

/** Problem details (RFC 9457), as far as they are used here. */
const problem = z.object({
  code: z.string().default(''),
  detail: z.string().default('').transform(printable),
});

/**
 * What the public API answers; what fails for a moment is asked again, and so is what another token is needed for.
 *
 * @throws {RpcError} with the status that it names, where the request was refused for what it asks
 * @throws {CodedError} AUDIT_API_REFUSED, AUDIT_API_UNREACHABLE
 */
export async function asked(
  edge: Edge,
  request: EdgeRequest,
  credentials?: Credentials,
): Promise<unknown> {
  let token = await credentials?.token();
  for (let attempt = 1; ; attempt += 1) {
    const answer = await edge.ask(token === undefined ? request : { ...request, token });
    if (answer.status !== undefined && answer.status < 300) return answer.body;
    if (answer.status === 401 && token !== undefined && attempt < ATTEMPTS) {
      token = await credentials?.renewed(token);
      if (token !== undefined) continue;
    }
    if (!passes(answer) || attempt === ATTEMPTS) throw refusal(request, answer, credentials);
    await pause(pauseOf(answer, attempt));
  }
}

function passes(answer: EdgeAnswer): boolean {
  if (answer.status === undefined) return answer.broken !== TOO_LONG;
  const { status } = answer;
  return status === 429 || (status >= 502 && status <= 504);
}

function pauseOf(answer: EdgeAnswer, attempt: number): number {
  const wanted = answer.status === undefined ? 0 : Number(answer.headers['retry-after'] ?? 0) * 1e3;
  return Math.min(Math.max(wanted, FIRST_PAUSE_MS * 2 ** (attempt - 1)), PAUSE_MAX_MS);
}

function refusal(
  { method, path }: EdgeRequest,
  answer: EdgeAnswer,
  credentials: Credentials | undefined,
): Error {
  const place = `API ${method} ${path.split('?', 1)[0] ?? ''}`;
  if (answer.status === undefined) {
    return new CodedError(
      'AUDIT_API_UNREACHABLE',
      `${place}: must answer, got ${printable(answer.broken)}; see whether --url is the platform's address, and whether --root is its root certificate where no public authority vouches for it`,
    );
  }
  const { code, detail } = problem.safeParse(answer.body).data ?? { code: '', detail: '' };
  const got = `${answer.status} ${detail}`.trim();
  if (answer.status === 401) {
    return new CodedError(
      'AUDIT_API_REFUSED',
      `${place}: must know who asks, got ${got}; ${credentials === undefined ? WHO_SIGNS_IN : WHO_ASKS}`,
    );
  }
  if (answer.status === 403) {
    return new CodedError(
      'AUDIT_API_REFUSED',
      `${place}: must be allowed for whoever asks, got ${got}; the account needs the role auditor, which whoever runs the platform gives ('npm run account -- --role auditor', docs/deploying.md)`,
    );
  }
  // What is about the question, whoever asked it makes words of.
  if (ABOUT_THE_QUESTION.has(code)) return new RpcError(code as StatusName, detail);
  return new CodedError(
    'AUDIT_API_UNREACHABLE',
    `${place}: must answer with a success, got ${got}; see whether --url is a platform's address, and how that platform is`,
  );
}

const ABOUT_THE_QUESTION: ReadonlySet<string> = new Set([
  ...['NOT_FOUND', 'OUT_OF_RANGE', 'INVALID_ARGUMENT', 'FAILED_PRECONDITION'],
]);
