-- Up Migration

-- Money that moved, in double entry: what an operation did is a transaction of entries that sum to zero
-- in each currency. Debits are positive, credits negative. Entries are added and never changed.
CREATE TABLE ledger_entries (
  transaction_id text NOT NULL REFERENCES operations (idempotency_key),
  account text NOT NULL CHECK (account IN ('provider', 'sales', 'refunds')),
  currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  -- The smallest bigint is excluded, since no bigint is its counterpart.
  minor_units bigint NOT NULL CHECK (minor_units <> 0 AND minor_units > -9223372036854775808),
  order_id uuid NOT NULL,
  -- When the provider did it, which decides the day of its statement.
  provider_time timestamptz NOT NULL,
  create_time timestamptz NOT NULL DEFAULT now(),
  -- An operation is entered once.
  PRIMARY KEY (transaction_id, account, currency)
);

CREATE INDEX ledger_entries_by_day ON ledger_entries (provider_time);

CREATE FUNCTION require_balanced_transaction() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- A sum of bigint is a numeric, which no amount overflows.
  IF EXISTS (
    SELECT FROM ledger_entries WHERE transaction_id = NEW.transaction_id
    GROUP BY currency HAVING sum(minor_units) <> 0
  ) THEN
    RAISE EXCEPTION 'a transaction of the ledger must sum to zero'
      USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entries_balanced';
  END IF;
  RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER ledger_entries_balanced AFTER INSERT ON ledger_entries
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION require_balanced_transaction();

CREATE FUNCTION refuse_change_of_ledger() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'entries of the ledger are never changed; add a transaction that undoes one'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'ledger_entries_append_only';
END $$;

CREATE TRIGGER ledger_entries_append_only BEFORE UPDATE OR DELETE ON ledger_entries
  FOR EACH ROW EXECUTE FUNCTION refuse_change_of_ledger();

CREATE TRIGGER ledger_entries_stay BEFORE TRUNCATE ON ledger_entries
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_ledger();
