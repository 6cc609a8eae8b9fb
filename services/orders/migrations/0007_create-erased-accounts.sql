-- Up Migration

-- Accounts that were deleted a short time ago: what their owners still wrote meanwhile is not kept.
CREATE TABLE erased_accounts (
  account_id text PRIMARY KEY,
  erase_time timestamptz NOT NULL DEFAULT now()
);
