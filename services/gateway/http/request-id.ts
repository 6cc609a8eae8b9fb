import { randomUUID } from 'node:crypto';

/** Header that names a request through all of its hops; the edge sets it and callers may. */
export const REQUEST_ID_HEADER = 'x-request-id';

const REQUEST_ID = /^[A-Za-z0-9._~:-]{1,128}$/;

/** The caller's request id if it is fit for logs and headers, else a new one. */
export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID();
}
