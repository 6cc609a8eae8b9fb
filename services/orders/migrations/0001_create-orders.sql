-- Up Migration

-- The service decides first, by one pure function; these checks hold against any other writer.
CREATE TABLE orders (
  -- A UUIDv7, so that lists by id are lists by age.
  order_id uuid PRIMARY KEY,
  account_id text NOT NULL CHECK (char_length(account_id) BETWEEN 1 AND 255),
  -- Finer than the status that its customer sees (services/orders/saga/phases.ts).
  phase text NOT NULL CHECK (phase IN ('reserving', 'authorizing', 'declined', 'committing',
    'capturing', 'confirming', 'confirmed', 'cancelling', 'cancelled')),
  currency_code text NOT NULL CHECK (currency_code ~ '^[A-Z]{3}$'),
  total_minor_units bigint NOT NULL CHECK (total_minor_units > 0),
  -- What the payment is known to have taken and given back.
  captured_minor_units bigint NOT NULL DEFAULT 0 CHECK (captured_minor_units >= 0),
  refunded_minor_units bigint NOT NULL DEFAULT 0
    CHECK (refunded_minor_units BETWEEN 0 AND captured_minor_units),
  decline_code text NOT NULL DEFAULT '',
  cancel_cause text,
  -- What people wrote; never in events.
  cancel_reason text NOT NULL DEFAULT '' CHECK (char_length(cancel_reason) <= 500),
  -- The provider's token, kept until its authorisation is answered or given up.
  payment_method_token text CHECK (char_length(payment_method_token) BETWEEN 1 AND 255),
  payment_version bigint NOT NULL DEFAULT 0 CHECK (payment_version >= 0),
  -- Sequences of the newest attempt to pay and of the newest effect.
  last_attempt integer NOT NULL DEFAULT 0 CHECK (last_attempt >= 0),
  last_sequence integer NOT NULL CHECK (last_sequence >= 1),
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1 CHECK (version >= 1),
  CHECK (payment_method_token IS NULL OR phase IN ('reserving', 'authorizing')),
  CHECK ((cancel_cause IS NOT NULL) = (phase IN ('cancelling', 'cancelled'))),
  CHECK (update_time >= create_time)
);

CREATE INDEX orders_by_account ON orders (account_id, order_id DESC);

-- Ended orders whose money is not what they say; none, always.
CREATE INDEX orders_unbalanced ON orders (order_id)
  WHERE (phase = 'confirmed' AND captured_minor_units <> total_minor_units)
     OR (phase = 'cancelled' AND captured_minor_units <> refunded_minor_units);

CREATE TABLE order_lines (
  order_id uuid NOT NULL REFERENCES orders,
  number integer NOT NULL CHECK (number BETWEEN 1 AND 100),
  product_id uuid NOT NULL,
  -- Name and price of the moment in which the order was placed.
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  unit_minor_units bigint NOT NULL CHECK (unit_minor_units >= 0),
  PRIMARY KEY (order_id, number),
  UNIQUE (order_id, product_id)
);

-- What the saga asks of others: decided with the state of the order, sent after the commit, again and
-- again under the key `<order id>/<sequence>` until the answer is known.
CREATE TABLE order_effects (
  order_id uuid NOT NULL REFERENCES orders,
  sequence integer NOT NULL CHECK (sequence >= 1),
  kind text NOT NULL CHECK (kind IN ('RESERVE_STOCK', 'AUTHORIZE_PAYMENT', 'COMMIT_RESERVATION',
    'CAPTURE_PAYMENT', 'CONFIRM', 'RELEASE_RESERVATION', 'VOID_PAYMENT', 'REFUND_PAYMENT',
    'AWAIT_EXPIRY')),
  status text NOT NULL DEFAULT 'DUE' CHECK (status IN ('DUE', 'DONE', 'DROPPED')),
  -- Of a refund.
  minor_units bigint NOT NULL DEFAULT 0,
  attempts integer NOT NULL DEFAULT 0 CHECK (attempts >= 0),
  -- Version of the order once it was decided.
  order_version bigint NOT NULL CHECK (order_version >= 1),
  create_time timestamptz NOT NULL DEFAULT now(),
  -- When it is to be sent; whoever sends it moves it on first, so that it is found again if they die.
  due_at timestamptz NOT NULL,
  done_time timestamptz,
  outcome text NOT NULL DEFAULT '',
  PRIMARY KEY (order_id, sequence),
  CHECK ((status = 'DUE') = (done_time IS NULL)),
  CHECK ((kind = 'REFUND_PAYMENT') = (minor_units > 0))
);

CREATE INDEX order_effects_due ON order_effects (due_at) WHERE status = 'DUE';

-- Goods are reserved and sold once, and money is taken once, whatever the program does.
CREATE UNIQUE INDEX order_effects_once ON order_effects (order_id, kind)
  WHERE kind IN ('RESERVE_STOCK', 'COMMIT_RESERVATION', 'CAPTURE_PAYMENT', 'CONFIRM');
CREATE UNIQUE INDEX order_effects_one_due ON order_effects (order_id, kind)
  WHERE status = 'DUE' AND kind <> 'REFUND_PAYMENT';
