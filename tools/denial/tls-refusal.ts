import type { Outcome } from './attempt.ts';

/**
 * How a server lets go of a client that it does not want: by a TLS alert, mostly. Source: RFC 8446, section
 * 6.2; the names are OpenSSL's.
 */
const REFUSING_ALERTS: ReadonlySet<string> = new Set([
  'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
  'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN',
  'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE',
  'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
  'ERR_SSL_SSL/TLS_ALERT_UNSUPPORTED_CERTIFICATE',
  'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN',
  // A signature that does not fit, as of an authority that only has the name of ours.
  'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR',
  // A server that closes while something of ours is unread takes its alert along; one that is away
  // refuses the connection instead (ECONNREFUSED).
  'ECONNRESET',
]);

/** A refusal if it is an alert that says so, else unclear: the server may simply be away. */
export function outcomeOfTlsError(error: unknown): Outcome {
  const { code = '', message } = error as Error & { readonly code?: string };
  const verdict = REFUSING_ALERTS.has(code) ? 'refused' : 'unclear';
  return { verdict, detail: `${code} ${message}`.trim() };
}
