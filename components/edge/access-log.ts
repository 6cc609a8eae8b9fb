/**
 * The id that the edge gave the request. One that is refused before has whatever header its client sent, so only
 * what looks like an id of ours is taken. (The longest expression that Envoy takes here is a short one.)
 */
const OWN_REQUEST_ID =
  "request.headers['x-request-id'].matches('^[0-9a-f-]*$') ? request.headers['x-request-id'] : ''";

/**
 * What a line of the edge's log says of a request, without anything that its sender chose: no path, no query and
 * no trace. The gateway's line with the same request id has its route, its trace, and the path where that holds
 * nothing but ids.
 */
export function accessLogFields(): Record<string, string> {
  return {
    time: '%START_TIME%',
    connection: '%CONNECTION_ID%',
    level: 'info',
    service: 'edge',
    // As long as OPTIONS: HTTP/2 takes any word.
    method: '%REQ(:METHOD):7%',
    protocol: '%PROTOCOL%',
    status: '%RESPONSE_CODE%',
    details: '%RESPONSE_CODE_DETAILS%',
    flags: '%RESPONSE_FLAGS%',
    duration_ms: '%DURATION%',
    bytes_sent: '%BYTES_SENT%',
    upstream: '%UPSTREAM_HOST%',
    attempts: '%UPSTREAM_REQUEST_ATTEMPT_COUNT%',
    request_id: `%CEL(${OWN_REQUEST_ID})%`,
  };
}
