/**
 * Settings of PostgreSQL in the sessions of a service: it gives up on a query, and loses a transaction that
 * it forgot.
 */
export const SERVICE_SETTINGS = {
  statement_timeout: '5s',
  idle_in_transaction_session_timeout: '10s',
} as const;
