/** How orders works under test: quick enough, with leases that are over soon. */
export const QUICK = {
  ...{ pollMs: 50, leaseMs: 800, backoffFirstMs: 20, backoffMaxMs: 200, openPaymentMs: 100 },
  lookMs: 200,
} as const;
