-- Up Migration

-- Answers to writes by their idempotency key (services/kit/idempotency): written in the transaction of
-- the change, kept for a day.
CREATE TABLE idempotency_keys (
  -- Who asked: keys of two subjects have nothing to do with each other.
  subject text NOT NULL,
  -- Full name of the gRPC method.
  method text NOT NULL,
  key text NOT NULL CHECK (char_length(key) BETWEEN 1 AND 255),
  -- SHA-256 of the request, to tell a repetition from another request.
  request_digest bytea NOT NULL CHECK (octet_length(request_digest) = 32),
  -- Null only within the transaction that is still at work.
  response bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (subject, method, key)
);

CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at);
