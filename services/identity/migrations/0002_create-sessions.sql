-- Up Migration

CREATE TABLE sessions (
  session_id uuid PRIMARY KEY,
  account_id uuid NOT NULL REFERENCES accounts,
  create_time timestamptz NOT NULL DEFAULT now(),
  -- No refresh goes beyond it.
  expire_time timestamptz NOT NULL,
  revoke_time timestamptz
);

CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expire_time);

-- Used ones stay as long as their session: a second use tells of theft.
CREATE TABLE refresh_tokens (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  session_id uuid NOT NULL REFERENCES sessions ON DELETE CASCADE,
  expire_time timestamptz NOT NULL,
  use_time timestamptz
);

CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Written under an advisory lock that is held until the commit, so positions become visible in their
-- order and a reader that has seen one has seen all before it (session-store.ts).
CREATE TABLE revocations (
  position bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
  session_id uuid NOT NULL UNIQUE,
  revoke_time timestamptz NOT NULL,
  -- When no access token of the session can be valid any more.
  expire_time timestamptz NOT NULL
);

CREATE INDEX revocations_by_expiry ON revocations (expire_time);

-- One row. A database made anew counts positions anew; cursors carry this, so that an old one is told
-- from a current one.
CREATE TABLE revocation_epochs (
  epoch uuid PRIMARY KEY DEFAULT gen_random_uuid()
);

INSERT INTO revocation_epochs DEFAULT VALUES;
