-- Up Migration

ALTER TABLE accounts
  -- Events of the account so far: the newest has this number (services/identity/account-events.ts).
  ADD COLUMN version bigint NOT NULL DEFAULT 0 CHECK (version >= 0),
  -- Another for each new password, and the same for another hash of it.
  ADD COLUMN password_version bigint NOT NULL DEFAULT 1 CHECK (password_version >= 1);
