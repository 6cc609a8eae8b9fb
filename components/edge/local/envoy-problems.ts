import { EDGE_ANSWERS } from '../edge-problems.ts';
import type { EdgeAnswer, EdgeProblem } from '../edge-problems.ts';

/** On each answer of the edge's own, as on each of the gateway's; errors are never cached. */
const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const;

const REQUEST_ID_HEADER = 'x-request-id';

/**
 * The id of a request that ended before Envoy gave it one: found again in the access log by time and
 * connection. Evaluated twice it is the same, in the header and in the body.
 */
const OWN_REQUEST_ID = 'edge-%START_TIME(%s%6f)%-%CONNECTION_ID%';

/** A path that may be repeated as `instance`: the rule of the gateway's http-problem.ts, and RFC 3986. */
const PATH_REFERENCE = [
  "/([A-Za-z0-9._~!$&'()*+,;=:@%-][A-Za-z0-9._~!$&'()*+,;=:@%/-]{0,254})?",
  '([?].*)?',
].join('');

/** A comma in the host: a client sent several, and Envoy has joined them. */
export const SEVERAL_HOSTS_MATCH = { name: ':authority', string_match: { contains: ',' } } as const;

/** A method that is neither of RFC 9110 nor PATCH (RFC 5789): no path has it. */
export const UNKNOWN_METHOD_MATCH = {
  name: ':method',
  string_match: { safe_regex: { regex: 'GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|CONNECT' } },
  invert_match: true,
} as const;

/** What shows that a request is of a kind. */
const KINDS = {
  CONNECT: header({ name: ':method', string_match: { exact: 'CONNECT' } }),
  'several hosts': header(SEVERAL_HOSTS_MATCH),
  'unknown method': header(UNKNOWN_METHOD_MATCH),
} as const satisfies Record<NonNullable<EdgeAnswer['of']>, object>;

/**
 * Envoy's local_reply_config: whatever it answers by itself is problem details (RFC 9457) of the
 * contract, with the members and headers of the gateway's own.
 */
export function localReplies(): object {
  return { mappers: EDGE_ANSWERS.flatMap(mappers) };
}

/** Ways to tell of one problem, from the one that knows most of the request. */
function mappers({ status, of: kind, problem }: EdgeAnswer): readonly object[] {
  const fits = [statusIs(status), ...(kind === undefined ? [] : [KINDS[kind]])];
  const identified = header({ name: REQUEST_ID_HEADER, present_match: true });
  const placed = header({ name: ':path', string_match: { safe_regex: { regex: PATH_REFERENCE } } });
  const known = { requestId: `%REQ(${REQUEST_ID_HEADER})%` };
  return [
    mapper([...fits, identified, placed], problem, { ...known, instance: '%PATH(NQ:PATH)%' }),
    mapper([...fits, identified], problem, known),
    mapper(fits, problem, { requestId: OWN_REQUEST_ID }),
  ];
}

function mapper(
  filters: readonly object[],
  { name, status, code, title, detail, headers }: EdgeProblem,
  members: { readonly requestId: string; readonly instance?: string },
): object {
  const all = { ...COMMON_HEADERS, ...headers, [REQUEST_ID_HEADER]: members.requestId };
  return {
    filter: filters.length === 1 ? filters[0] : { and_filter: { filters } },
    status_code: status,
    headers_to_add: Object.entries(all).map(([key, value]) => ({
      header: { key, value },
      append_action: 'OVERWRITE_IF_EXISTS_OR_ADD',
      // Allow may be empty, and then says that nothing is.
      keep_empty_value: true,
    })),
    body_format_override: {
      json_format: {
        type: `https://meridian.example/problems/${name}`,
        title,
        status,
        detail,
        code,
        ...members,
      },
      content_type: 'application/problem+json',
    },
  };
}

function statusIs(status: EdgeAnswer['status']): object {
  const [op, value] = typeof status === 'number' ? ['EQ', status] : ['GE', status.from];
  return {
    status_code_filter: {
      comparison: {
        op,
        value: { default_value: value, runtime_key: `meridian.edge.problem.${op}.${value}` },
      },
    },
  };
}

function header(match: object): object {
  return { header_filter: { header: match } };
}
