import { create, toJsonString } from '@bufbuild/protobuf';
import { ProblemSchema } from '../contract/gen/meridian/gateway/v1/problem_pb.js';
import type { Violation } from '../transcode/violation.ts';
import { PROBLEMS, problemType } from './catalogue.ts';
import type { ProblemName } from './catalogue.ts';

/** Media type of every error. Source: RFC 9457 section 6.1. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** What belongs to one occurrence of a problem. */
export interface ProblemOptions {
  /** What went wrong this time and how to fix it; goes to the caller. */
  readonly detail: string;
  readonly violations?: readonly Violation[];
  /** What a program can read of the detail, by name. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Response headers that belong to the status, such as Allow. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Goes to the log, never to the caller. */
  readonly cause?: unknown;
}

/** An error that is answered as RFC 9457 problem details. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly problem: ProblemName;
  readonly violations: readonly Violation[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(problem: ProblemName, options: ProblemOptions) {
    super(options.detail, { cause: options.cause });
    this.problem = problem;
    this.violations = options.violations ?? [];
    this.metadata = options.metadata ?? {};
    this.headers = options.headers ?? {};
  }

  get status(): number {
    return PROBLEMS[this.problem].status;
  }
}

/** Beyond this length the path is left out of the answer. */
const MAX_INSTANCE_CHARACTERS = 256;

/**
 * Writes problem details as JSON.
 *
 * @param rawPath path of the request, still percent-encoded and without the query, which may hold
 *   what should not be repeated; '' if it could not be read.
 */
export function problemBody(problem: HttpProblem, requestId: string, rawPath: string): string {
  const { status, code, title } = PROBLEMS[problem.problem];
  return toJsonString(
    ProblemSchema,
    create(ProblemSchema, {
      type: problemType(problem.problem),
      title,
      status,
      detail: problem.message,
      instance: isPathReference(rawPath) ? rawPath : '',
      code,
      requestId,
      metadata: { ...problem.metadata },
      errors: problem.violations.map(({ field, detail }) => ({ field, detail })),
    }),
  );
}

/** Headers of every problem: errors are never cached. */
export function problemHeaders(problem: HttpProblem): Readonly<Record<string, string>> {
  return {
    ...problem.headers,
    'content-type': PROBLEM_MEDIA_TYPE,
    'cache-control': 'no-store',
  };
}

/** Source: RFC 3986 sections 3.3 and 4.2 (a reference that starts with two slashes names a host). */
function isPathReference(path: string): boolean {
  return (
    path.length <= MAX_INSTANCE_CHARACTERS &&
    /^\/(?!\/)(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*$/.test(path)
  );
}
