-- Up Migration

-- Accounts that were deleted: nothing that is written about their orders from then on is kept. An id that is
-- connected with nobody (docs/decisions/0062-erasure.md), as in the orders themselves.
CREATE TABLE forgotten_accounts (
  account_id text PRIMARY KEY CHECK (char_length(account_id) BETWEEN 1 AND 255),
  forget_time timestamptz NOT NULL DEFAULT now()
);
