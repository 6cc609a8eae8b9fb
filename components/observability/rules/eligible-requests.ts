/** Statuses of gRPC that are the server's fault. Source: OpenTelemetry, "gRPC status", server side. */
export const SERVER_ERRORS = [
  'DATA_LOSS',
  'DEADLINE_EXCEEDED',
  'INTERNAL',
  'UNAVAILABLE',
  'UNIMPLEMENTED',
  'UNKNOWN',
] as const;

/** Answers of the edge that are a server's fault. */
export const HTTP_SERVER_ERRORS = { pattern: '5..' } as const;

/**
 * What counts for an objective. A request that its sender got wrong (4xx, INVALID_ARGUMENT, NOT_FOUND and
 * their like) or gave up (CANCELLED) is not eligible: it says nothing of the service, and many of them
 * would hide its errors. Of the latency, good answers count, since an error is counted already, and only
 * those that were not let wait for a change, which takes as long as the change does.
 */
export const ELIGIBLE = {
  edge: {
    status: 'http_response_status_code',
    good: { pattern: '[23]..' },
    failed: HTTP_SERVER_ERRORS,
    counted: { pattern: '[235]..' },
  },
  server: {
    status: 'rpc_status_code',
    good: 'OK',
    failed: SERVER_ERRORS,
    counted: ['OK', ...SERVER_ERRORS],
  },
} as const;

/** Selects all but what was let wait for a change (`Prefer: wait=20`). */
export const NOT_WAITED = { waited: '' } as const;
