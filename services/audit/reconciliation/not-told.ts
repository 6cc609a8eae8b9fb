/** Fields that a service keeps of an aggregate and that reconciliation does not compare, and why. */
export interface UntoldFields {
  readonly service: string;
  /** The contract's message, without its package. */
  readonly message: string;
  readonly fields: readonly string[];
  readonly because: string;
}

/** Everything else that a service says of an aggregate is told by its events, and compared. */
export const UNTOLD_FIELDS: readonly UntoldFields[] = [
  {
    ...{ service: 'catalog', message: 'Product', fields: ['stock'] },
    because: 'how many can be bought follows from Stock, which has events of its own',
  },
  {
    ...{ service: 'identity', message: 'Account', fields: ['email', 'display_name'] },
    because: 'personal data: events name an account by its id (ADR 17, 62)',
  },
  {
    ...{ service: 'identity', message: 'Account', fields: ['create_time'] },
    because: 'the time of the entry of its AccountCreated says it',
  },
  {
    ...{ service: 'orders', message: 'Order', fields: ['cancel_reason'] },
    because: 'people write about themselves, so it goes when their account does (ADR 62)',
  },
];

/** Tables that no aggregate is kept in, and why nothing of them is compared. */
export interface UntoldTables {
  /** A star stands for every service. */
  readonly service: string;
  readonly tables: readonly string[];
  readonly because: string;
}

export const UNTOLD_TABLES: readonly UntoldTables[] = [
  {
    ...{ service: 'catalog', tables: ['stock_movements'] },
    because: 'why stock changed; `meridian check` and a metric hold its sums against the stock',
  },
  {
    ...{ service: 'identity', tables: ['sessions', 'refresh_tokens', 'revocations'] },
    because: 'sessions are told when they begin and are ended, and end by themselves untold',
  },
  {
    ...{ service: 'identity', tables: ['sign_in_attempts', 'revocation_epochs', 'signing_keys'] },
    because: 'nothing that an account is: counters, and public keys of the replicas',
  },
  {
    ...{ service: 'orders', tables: ['order_effects'] },
    because: 'what an order asks of other services; what came of it is in the order and in theirs',
  },
  {
    ...{ service: 'orders', tables: ['forgotten_accounts'] },
    because: 'AccountDeleted of identity says it',
  },
  {
    ...{ service: 'payments', tables: ['ledger_entries'] },
    because: 'entered with the payment, which is told; `meridian check` holds the sums',
  },
  {
    ...{ service: 'payments', tables: ['webhooks'] },
    because: 'ids of the provider’s messages, so that none is taken twice',
  },
  {
    service: '*',
    tables: ['outbox', 'inbox', 'held_events', 'dropped_events', 'idempotency_keys', 'page_keys'],
    because: 'how events and answers get where they belong: no state of anything',
  },
];
