-- Up Migration

-- The service validates first, with better messages; these checks hold against any other writer.
CREATE TABLE accounts (
  account_id uuid PRIMARY KEY,
  -- As its owner wrote it.
  email text NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
  -- The same address however it is written (services/identity/email-address.ts).
  email_key text NOT NULL UNIQUE CHECK (email_key LIKE '%_@_%'),
  display_name text NOT NULL CHECK (char_length(display_name) <= 100),
  roles text[] NOT NULL CHECK (roles <@ ARRAY['customer', 'merchant', 'support']),
  -- PHC string format: algorithm, cost, salt and hash in one.
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  create_time timestamptz NOT NULL DEFAULT now()
);

-- Attempts to sign in since the last success, by the SHA-256 of the address's key: kept for addresses
-- without an account too, so that a refusal does not tell who has one.
CREATE TABLE sign_in_attempts (
  email_sha256 bytea PRIMARY KEY CHECK (octet_length(email_sha256) = 32),
  failures integer NOT NULL CHECK (failures >= 1),
  last_attempt_time timestamptz NOT NULL,
  blocked_until timestamptz NOT NULL
);

CREATE INDEX sign_in_attempts_by_age ON sign_in_attempts (last_attempt_time);
