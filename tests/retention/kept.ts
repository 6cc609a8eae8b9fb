/**
 * Whether what somebody writes about themselves can be in a store: never, until their account is deleted, or for
 * the time that `gone` states.
 */
type Writing = 'never' | 'until the deletion' | 'for a time';

/** What a store keeps about people, and until when. docs/retention.md is drawn from it. */
export interface Kept {
  /** As the search for a marker names it (tests/end-to-end/stores); a star stands for anything. */
  readonly places: readonly string[];
  /** What the document calls it. @default the places */
  readonly called?: string;
  readonly holds: string;
  readonly gone: string;
  readonly writing: Writing;
}

const BOOKS = 'never: books';

function tables(database: string, names: readonly string[], rest: Omit<Kept, 'places'>): Kept {
  return { places: names.map((name) => `database ${database} ${name}`), ...rest };
}

export const KEPT_IN_DATABASES: readonly Kept[] = [
  tables('identity', ['accounts'], {
    holds: 'e-mail address, name, hash of the password, roles',
    gone: 'at once',
    writing: 'until the deletion',
  }),
  tables('identity', ['sessions', 'refresh_tokens'], {
    holds: 'the account, times, hashes of tokens',
    gone: 'at once; else when the session has expired, 30 days at most',
    writing: 'until the deletion',
  }),
  tables('identity', ['sign_in_attempts'], {
    holds: 'SHA-256 of an e-mail address',
    gone: 'at once; of an address without an account a day after the last attempt',
    writing: 'until the deletion',
  }),
  tables('identity', ['revocations', 'revocation_epochs'], {
    holds: 'ids of sessions',
    gone: 'when their tokens have expired: minutes',
    writing: 'never',
  }),
  tables('identity', ['signing_keys'], { holds: 'nothing', gone: '', writing: 'never' }),
  tables('identity', ['idempotency_keys'], {
    holds:
      'the key that the client chose; answers: an account, tokens, encrypted with the caller’s secret',
    gone: 'those of the account at once; those of CreateAccount, CreateSession and RefreshSession 5 to 6 minutes after the request',
    writing: 'for a time',
  }),
  tables('orders', ['orders', 'order_lines'], {
    holds: 'the account; what was bought; why it was cancelled, in the customer’s words',
    gone: `${BOOKS}. The reason of a cancellation at once`,
    writing: 'until the deletion',
  }),
  tables('orders', ['orders'], {
    called: '`orders.payment_method_token`',
    holds: 'a token of the payment provider',
    gone: 'once its authorisation is answered or given up',
    writing: 'for a time',
  }),
  tables('orders', ['order_effects'], {
    holds: 'nothing but the order',
    gone: BOOKS,
    writing: 'never',
  }),
  tables('orders', ['forgotten_accounts'], {
    holds: 'the account',
    gone: 'never: nothing that is written about its orders later is kept',
    writing: 'never',
  }),
  tables('orders', ['idempotency_keys'], {
    holds:
      'the key that the client chose; answers: orders, with the reason of a cancellation; of the provider’s token a digest',
    gone: 'those of the account at once; else 24 hours after the request',
    writing: 'until the deletion',
  }),
  tables('payments', ['payments', 'operations'], {
    holds: 'nothing but the order',
    gone: `${BOOKS}. The provider’s token once its authorisation is answered`,
    writing: 'for a time',
  }),
  tables('payments', ['ledger_entries'], {
    holds: 'nothing but the order',
    gone: 'never: entries cannot be changed',
    writing: 'never',
  }),
  tables('payments', ['webhooks'], {
    holds: 'ids of the provider’s messages',
    gone: '30 days after they came',
    writing: 'never',
  }),
  tables(
    'catalog',
    [
      ...['products', 'stock', 'stock_movements', 'reservations', 'reservation_lines'],
      'idempotency_keys',
    ],
    {
      holds:
        'nothing of customers: reservations have the order’s id, answers a merchant’s products',
      gone: '',
      writing: 'never',
    },
  ),
  tables('audit', ['events'], {
    holds: 'events, which hold no personal data',
    gone: 'never. Where `meridian:auditKeepDays` is set, the data of older, superseded ones moves to an archive when somebody says so (docs/audit.md)',
    writing: 'never',
  }),
  tables('audit', ['entries', 'tiles', 'checkpoints', 'log_keys', 'log_head'], {
    holds: 'hashes, signed heads and public keys',
    gone: 'never: what was proven once can be checked',
    writing: 'never',
  }),
  tables('audit', ['reads'], {
    holds: 'the account of an auditor, and what it asked for: ids and times',
    gone: 'never: entries cannot be changed',
    writing: 'never',
  }),
  tables('audit', ['pending', 'gaps', 'gap_look'], {
    holds: 'ids of events and aggregates',
    gone: 'once they are sealed, or told of',
    writing: 'never',
  }),
  tables('*', ['outbox'], {
    holds: 'events, which hold no personal data',
    gone: 'an hour after they were published',
    writing: 'never',
  }),
  tables('*', ['inbox'], {
    holds: 'ids of events',
    gone: '30 days after they were handled',
    writing: 'never',
  }),
  tables('*', ['held_events'], {
    holds: 'events that wait behind a dead letter of their aggregate',
    gone: 'when they have been handled',
    writing: 'never',
  }),
  tables('*', ['dropped_events'], {
    holds: 'events that are not to be handled, and why (which names nobody)',
    gone: 'never',
    writing: 'never',
  }),
  tables('*', ['page_keys', 'meridian_migrations.*'], {
    holds: 'nothing',
    gone: '',
    writing: 'never',
  }),
];

export const KEPT_IN_TOPICS: readonly Kept[] = [
  {
    places: ['topic *.events.v1'],
    called: '`<service>.events.v1`',
    holds: '',
    gone: '7 to 14 days',
    writing: 'never',
  },
  {
    places: ['topic *.dlq'],
    called: '`<topic>.dlq`',
    holds: '',
    gone: '30 to 37 days',
    writing: 'never',
  },
];

export const KEPT_ELSEWHERE: readonly Kept[] = [
  {
    places: ['index products'],
    called: 'search’s index',
    holds: 'nothing: products',
    gone: '',
    writing: 'never',
  },
  {
    places: ['keys catalog:'],
    called: 'Redis, cache of catalog',
    holds: 'nothing: products',
    gone: '',
    writing: 'never',
  },
  {
    places: ['keys gateway:'],
    called: 'Redis, limits of the gateway',
    holds: 'the account, or an address of the network, with a number',
    gone: 'when the allowance is whole again: seconds to minutes',
    writing: 'never',
  },
  {
    places: [],
    called: 'memory of the gateways',
    holds: 'the account and roles of a token, under its hash',
    gone: 'with the token, 5 minutes; a session that ended is refused within seconds',
    writing: 'never',
  },
  {
    places: ['file state/zones/*/logs/*', 'file state/zones/*/agent.log'],
    called: 'logs on this machine',
    holds:
      'ids of requests, sessions, accounts and orders, addresses of the network; nothing that a client wrote: no header, no query, no path but of ids',
    gone: 'when a log has grown to 10 MiB twice',
    writing: 'never',
  },
  {
    places: ['file data/*/kafka-*', 'file data/*/elasticsearch/*', 'file data/*/redis/*'],
    called: 'files of Kafka, Elasticsearch and Redis',
    holds: 'what is said of topics, index and keys above',
    gone: 'as there',
    writing: 'never',
  },
  {
    places: ['file data/*/postgres/*'],
    called: 'files of PostgreSQL, beneath its tables',
    holds:
      'rows that were removed or changed, in the log of its changes and in pages, which no query reads',
    gone: 'when PostgreSQL writes over them: of the log after some checkpoints, of a page when its table needs the space. No time can be given; a disk that leaves the house is to be encrypted or wiped',
    writing: 'for a time',
  },
  {
    places: ['file state/credentials/*'],
    called: 'files of passwords',
    holds:
      'that of the first merchant’s account (`npm run account`), of those with other roles, and of shoppers that `npm run seed` made up',
    gone: 'with `npm run destroy`',
    writing: 'never',
  },
  {
    places: ['file state/pulumi/*', 'file state/config/*', 'file state/zones/*/specs/*'],
    called: 'Pulumi’s state, and what agents hold',
    holds: 'nothing: what the program declares',
    gone: '',
    writing: 'never',
  },
  {
    places: ['file data/*/payment-provider-stand-in/*'],
    called: 'the payment provider',
    holds:
      'its own: outside the platform. The stand-in keeps a journal of charges by order, with their tokens',
    gone: 'with `npm run destroy`',
    writing: 'for a time',
  },
  {
    places: ['file data/telemetry/*'],
    called: 'metrics, lines and traces on this machine',
    holds:
      'what logs have, and of requests their methods, routes, statuses and times; no field and no attribute but those of a list',
    gone: 'metrics after 90 days, lines after 30, traces after 7; what has no room sooner',
    writing: 'never',
  },
  {
    places: [],
    called: 'logs and traces in a cluster',
    holds: 'as logs on this machine; they leave the cluster only where a collector is set up',
    gone: 'by the rules of whoever collects them',
    writing: 'never',
  },
  {
    places: [],
    called: 'archive of PostgreSQL on this machine',
    holds:
      'whatever the databases had, where it is set (`postgresArchive`); the same of what a restore has set aside',
    gone: 'with `npm run destroy`',
    writing: 'for a time',
  },
  {
    places: [],
    called: 'backups in a cluster',
    holds: 'whatever the databases had',
    gone: 'after the retention that the stack gives its backups',
    writing: 'for a time',
  },
];

const KEPT = [...KEPT_IN_DATABASES, ...KEPT_IN_TOPICS, ...KEPT_ELSEWHERE];

/** What is said of a place; several where parts of it are kept for different times. */
export function keptAt(place: string): readonly Kept[] {
  return KEPT.filter(({ places }) => places.some((known) => patternOf(known).test(place)));
}

function patternOf(place: string): RegExp {
  const parts = place.split('*').map((text) => text.replace(/[$()+.?[\\\]^{|}]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
