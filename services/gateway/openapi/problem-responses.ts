import { STATUS_CODES } from 'node:http';
import { getOption, hasOption } from '@bufbuild/protobuf';
import { refused_by_state } from '@meridian/kit/contract/gen/meridian/type/v1/method_options_pb.js';
import { ProblemSchema } from '../contract/gen/meridian/gateway/v1/problem_pb.js';
import { PROBLEMS, problemType } from '../problem/catalogue.ts';
import type { ProblemName } from '../problem/catalogue.ts';
import { PROBLEM_MEDIA_TYPE } from '../problem/http-problem.ts';
import type { RouteAccess } from '../token/access-table.ts';
import { versionField } from '../transcode/http-binding.ts';
import type { HttpBinding } from '../transcode/http-binding.ts';
import { idempotencyParameter } from './idempotency.ts';

/** What any operation may answer, whoever asks for whatever. */
const ANY: readonly ProblemName[] = [
  'malformed-request',
  'malformed-url',
  'invalid-argument',
  'unauthenticated',
  'permission-denied',
  'not-acceptable',
  'request-timeout',
  'etag-mismatch',
  'uri-too-long',
  'expectation-failed',
  'resource-exhausted',
  'headers-too-large',
  'internal',
  'unavailable',
  'deadline-exceeded',
];

/** What a body adds to it. */
const OF_BODIES: readonly ProblemName[] = [
  'malformed-json',
  'content-too-large',
  'unsupported-media-type',
];

/** What a part of the path that the caller fills in adds to it. */
const OF_PATHS: readonly ProblemName[] = ['route-not-found'];

/** What no operation of the document answers. */
export const OF_NO_OPERATION: readonly ProblemName[] = [
  // Their requests are none of an operation.
  'method-not-allowed',
  'method-unknown',
  // Nobody receives it.
  'cancelled',
  // No service that runs answers it.
  'unimplemented',
  // Of an operation it would not say why the state forbids it: a kind of its own does.
  'failed-precondition',
];

const HEADERS_OF_STATUS: Readonly<Record<number, Readonly<Record<string, unknown>>>> = {
  401: { 'www-authenticate': header('RFC 6750 section 3.') },
  403: { 'www-authenticate': header('RFC 6750 section 3.') },
  429: { 'retry-after': header('Seconds to wait.') },
  503: { 'retry-after': header('Seconds to wait.') },
  504: { 'retry-after': header('Seconds to wait.') },
};

function header(description: string): unknown {
  return { description, schema: { type: 'string' } };
}

/**
 * By which kinds of problems an operation refuses a request because of how things are, although it fits
 * the contract: those that the contract names, and those that keys, versions and pages bring with them.
 *
 * @throws {Error} if the contract names a kind that there is not, or that is not about the state
 */
export function stateProblems(
  { method, verb }: HttpBinding,
  access: RouteAccess,
): readonly ProblemName[] {
  const named = hasOption(method, refused_by_state) ? getOption(method, refused_by_state) : [];
  for (const name of named) {
    if (isProblemName(name) && PROBLEMS[name].status < 500 && !ANSWERS_FORM.has(name)) continue;
    throw new Error(
      `Method '${method.parent.typeName}.${method.name}': (meridian.type.v1.refused_by_state) must name kinds of services/gateway/problem/catalogue.ts that are about the state of things, got '${name}'`,
    );
  }
  const brought: readonly (readonly [ProblemName, boolean])[] = [
    ['aborted', verb !== 'GET'],
    ['idempotency-key-reused', idempotencyParameter(method, access).length > 0],
    ['etag-mismatch', verb !== 'GET' && versionField(method.input) !== undefined],
    ['stale-page', method.input.fields.some(({ name }) => name === 'page_token')],
  ];
  const all = [
    ...(named as ProblemName[]),
    ...brought.filter(([, is]) => is).map(([name]) => name),
  ];
  return inOrder(all);
}

/** Kinds that are about the form of a request, whatever the state is. */
const ANSWERS_FORM: ReadonlySet<string> = new Set([
  ...OF_BODIES,
  ...OF_PATHS,
  ...OF_NO_OPERATION,
  ...ANY.filter(
    (name) => !['unauthenticated', 'permission-denied', 'resource-exhausted'].includes(name),
  ),
]);

function isProblemName(name: string): name is ProblemName {
  return Object.hasOwn(PROBLEMS, name);
}

/** Each once, as the catalogue has them. */
function inOrder(names: readonly ProblemName[]): readonly ProblemName[] {
  return (Object.keys(PROBLEMS) as ProblemName[]).filter((name) => names.includes(name));
}

/** The responses by which an operation refuses, by status. */
export function problemResponses(
  binding: HttpBinding,
  access: RouteAccess,
): Readonly<Record<string, unknown>> {
  const general = [...ANY, ...(binding.body === 'none' ? [] : OF_BODIES)];
  const own = [
    ...stateProblems(binding, access),
    ...(binding.pathFields.length === 0 ? [] : OF_PATHS),
  ];
  const names = inOrder([...general, ...own]);
  const statuses = [...new Set(names.map((name) => PROBLEMS[name].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const here = names.filter((name) => PROBLEMS[name].status === status);
      const key = Object.entries(SHARED).find(([, shared]) => shared.join() === here.join())?.[0];
      return [
        status,
        key === undefined ? response(status, here) : { $ref: `#/components/responses/${key}` },
      ];
    }),
  );
}

/** Responses that operations have in common, by the name of their component. */
const SHARED: Readonly<Record<string, readonly ProblemName[]>> = Object.fromEntries(
  [ANY, [...ANY, ...OF_BODIES], OF_PATHS].flatMap((names) =>
    Object.entries(Object.groupBy(inOrder(names), (name) => String(PROBLEMS[name].status))).map(
      ([status, here = []]) => [
        `${component(status)}${here.includes('malformed-json') ? 'OfBody' : ''}`,
        here,
      ],
    ),
  ),
);

/** The components that `problemResponses` refers to. */
export function sharedProblemResponses(): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(SHARED).map(([key, names]) => [
      key,
      response(PROBLEMS[names[0] ?? 'internal'].status, names),
    ]),
  );
}

/** The reason phrase of a status, as a name. */
function component(status: string): string {
  return (STATUS_CODES[status] ?? status).replace(/[^A-Za-z]/g, '');
}

function response(status: number, names: readonly ProblemName[]): unknown {
  return {
    description: names.map((name) => `\`${name}\`: ${PROBLEMS[name].title}.`).join('\n\n'),
    headers: {
      'x-request-id': { $ref: '#/components/headers/RequestId' },
      ...HEADERS_OF_STATUS[status],
    },
    content: {
      [PROBLEM_MEDIA_TYPE]: {
        schema: {
          allOf: [
            { $ref: `#/components/schemas/${ProblemSchema.typeName}` },
            {
              type: 'object',
              properties: { type: { enum: names.map(problemType) }, status: { const: status } },
              required: ['type', 'status'],
            },
          ],
        },
      },
    },
  };
}
