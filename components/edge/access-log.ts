/** What a line of the edge's log says of a request; without the query, which can hold what a user typed. */
export function accessLogFields(): Record<string, string> {
  return {
    time: '%START_TIME%',
    connection: '%CONNECTION_ID%',
    level: 'info',
    service: 'edge',
    method: '%REQ(:METHOD)%',
    path: '%PATH(NQ)%',
    protocol: '%PROTOCOL%',
    status: '%RESPONSE_CODE%',
    details: '%RESPONSE_CODE_DETAILS%',
    flags: '%RESPONSE_FLAGS%',
    duration_ms: '%DURATION%',
    bytes_sent: '%BYTES_SENT%',
    upstream: '%UPSTREAM_HOST%',
    attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
    request_id: '%REQ(X-REQUEST-ID)%',
    traceparent: '%REQ(TRACEPARENT)%',
  };
}
