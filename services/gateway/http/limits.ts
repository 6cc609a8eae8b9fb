/** Bounds on what one client may send and how long it may take: nothing here is without a limit. */
export const LIMITS = {
  bodyBytes: 1024 * 1024,
  /** Of a webhook. */
  webhookBytes: 64 * 1024,
  /** Path and query together; a longer one is 414. */
  urlBytes: 8 * 1024,
  /** Request line and headers together; beyond it Node.js gives up with 431. */
  headerBytes: 32 * 1024,
  headerCount: 100,
  /** From the first byte of a connection to the end of the headers. */
  headersTimeoutMs: 10_000,
  /** From the first byte to the end of the body. */
  requestTimeoutMs: 15_000,
  handshakeTimeoutMs: 5_000,
  /** How often the two timeouts above are looked at. */
  timeoutCheckIntervalMs: 1_000,
  /** An idle connection stays open; longer than the edge keeps one, so that the edge closes first. */
  keepAliveTimeoutMs: 75_000,
  /** A connection on which nothing moves, not even an answer that is waited for. */
  idleTimeoutMs: 120_000,
  /** What a call to a service may take; one that waits for a change has that time beside its wait. */
  callTimeoutMs: 5_000,
  /** Reads that wait for a change at once. Those of three gateways fit into the edge's 1024 requests. */
  waitingMost: 256,
} as const;

/** The same, for tests that cannot wait that long. */
export type Limits = { readonly [Name in keyof typeof LIMITS]: number };
