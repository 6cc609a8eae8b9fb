/**
 * What Envoy answers when no gateway does, in the form of every other error of the platform.
 * Source: RFC 9457; members as in meridian.gateway.v1.Problem.
 */
const TITLES: ReadonlyMap<number, readonly [title: string, code: string]> = new Map([
  [400, ['Bad Request', 'INVALID_ARGUMENT']],
  [404, ['Not Found', 'NOT_FOUND']],
  [408, ['Request Timeout', 'DEADLINE_EXCEEDED']],
  [413, ['Content Too Large', 'INVALID_ARGUMENT']],
  [414, ['URI Too Long', 'INVALID_ARGUMENT']],
  [431, ['Request Header Fields Too Large', 'INVALID_ARGUMENT']],
  [502, ['Bad Gateway', 'UNAVAILABLE']],
  [503, ['Service Unavailable', 'UNAVAILABLE']],
  [504, ['Gateway Timeout', 'DEADLINE_EXCEEDED']],
]);

/** Envoy's local_reply_config: problem details for everything that it answers itself. */
export function localReplies(): object {
  return {
    mappers: [...TITLES].map(([status, [title, code]]) => ({
      filter: {
        status_code_filter: {
          comparison: {
            op: 'EQ',
            value: { default_value: status, runtime_key: `meridian.edge.problem.${status}` },
          },
        },
      },
      body_format_override: problem(title, code),
    })),
    body_format: problem('Error', 'UNKNOWN'),
  };
}

function problem(title: string, code: string): object {
  return {
    json_format: {
      type: 'about:blank',
      title,
      status: '%RESPONSE_CODE%',
      code,
      request_id: '%REQ(X-REQUEST-ID)%',
    },
    content_type: 'application/problem+json',
  };
}
