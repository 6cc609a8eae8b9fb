-- Up Migration

-- History is added to and never changed. The service's role has no right to; this stops accidents of the
-- owner too. Whoever drops the triggers changes it, and the published heads tell (docs/audit.md).
CREATE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % refused: the audit trail is added to and never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

DO $$
DECLARE
  history text;
BEGIN
  FOREACH history IN ARRAY ARRAY['events', 'entries', 'tiles', 'checkpoints', 'log_keys', 'reads'] LOOP
    -- Of the statement, so that one which would change no row is refused as well.
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE OR TRUNCATE ON %I
      FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_history()', history || '_append_only', history);
  END LOOP;
END $$;
