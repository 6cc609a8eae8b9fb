-- Up Migration

-- The payment of an order: one row, whose lock everything that happens to it takes first. Without an
-- amount there is to be no payment: somebody gave it up before it began.
CREATE TABLE payments (
  order_id uuid PRIMARY KEY,
  payment_id uuid NOT NULL UNIQUE,
  currency text CHECK (currency ~ '^[A-Z]{3}$'),
  minor_units bigint CHECK (minor_units > 0),
  -- Follows from the operations (services/payments/payment-state.ts).
  status text CHECK (status IN
    ('pending', 'authorized', 'captured', 'refunded', 'declined', 'voided', 'unknown')),
  refunded bigint NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND coalesce(minor_units, 0)),
  version bigint NOT NULL DEFAULT 0,
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  CHECK ((currency IS NULL) = (minor_units IS NULL)),
  CHECK ((currency IS NULL) = (status IS NULL)),
  CHECK ((currency IS NULL) = (version = 0))
);

-- What was asked of the provider for a payment, or is to be.
CREATE TABLE operations (
  -- The caller's, under which the provider knows it too; so no two orders can have the same.
  idempotency_key text PRIMARY KEY CHECK (char_length(idempotency_key) BETWEEN 1 AND 64),
  order_id uuid NOT NULL REFERENCES payments (order_id),
  sequence integer NOT NULL CHECK (sequence >= 1),
  kind text NOT NULL CHECK (kind IN ('authorize', 'capture', 'void', 'refund')),
  status text NOT NULL CHECK (status IN ('pending', 'succeeded', 'refused', 'unknown')),
  minor_units bigint NOT NULL CHECK (minor_units >= 0),
  -- What the request was, to tell a repetition from another one; of the token only a digest.
  content text NOT NULL,
  decline_code text NOT NULL DEFAULT '' CHECK (char_length(decline_code) <= 100),
  -- The provider's id of the charge that an authorisation made.
  charge text NOT NULL DEFAULT '' CHECK (char_length(charge) <= 255),
  -- Kept as long as the request may have to be sent again, and no longer.
  payment_method_token text CHECK (payment_method_token IS NULL
    OR (kind = 'authorize' AND status IN ('pending', 'unknown'))),
  -- How often the provider was asked.
  attempts integer NOT NULL DEFAULT 0,
  -- When whoever finds it is to ask the provider; null for what needs no asking, or waits.
  due_time timestamptz CHECK (due_time IS NULL OR status IN ('pending', 'unknown')),
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  UNIQUE (order_id, sequence)
);

CREATE INDEX operations_due ON operations (due_time) WHERE due_time IS NOT NULL;

-- The state machine never asks for two of either; should it ever be wrong, nobody is charged twice.
CREATE UNIQUE INDEX operations_one_authorization ON operations (order_id)
  WHERE kind = 'authorize' AND status <> 'refused';
CREATE UNIQUE INDEX operations_one_capture ON operations (order_id)
  WHERE kind = 'capture' AND status <> 'refused';
