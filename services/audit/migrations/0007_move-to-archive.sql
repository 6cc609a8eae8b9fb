-- Up Migration

-- What an old, superseded entry carries may move to an archive (docs/decisions/0069): its data goes, all else and the
-- hash of its leaf stay.

-- First what reads a table, while no other is locked: heads wait meanwhile, and events come in.
CREATE INDEX checkpoints_by_time ON checkpoints (log, signed_at);

-- NOT VALID reads no row, and holds for every one that comes or changes. Those that are there have data, and the new
-- column is empty.
ALTER TABLE events
  ALTER COLUMN data DROP NOT NULL,
  ADD COLUMN archived_leaf bytea,
  ADD CONSTRAINT events_archived_leaf CHECK (octet_length(archived_leaf) = 32) NOT VALID,
  ADD CONSTRAINT events_carried CHECK ((data IS NULL) = (archived_leaf IS NOT NULL)) NOT VALID;

-- Nothing comes in that was never seen here: only what was verified in an archive has gone.
CREATE FUNCTION refuse_event_without_data() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'INSERT of events refused: an event must have data'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'events_with_data';
END $$;

CREATE TRIGGER events_with_data BEFORE INSERT ON events
  FOR EACH ROW WHEN (NEW.data IS NULL) EXECUTE FUNCTION refuse_event_without_data();

-- As before, but for a session that says that it moves; the role of the service may not update anyway.
CREATE OR REPLACE FUNCTION refuse_change_of_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_TABLE_NAME = 'events' AND TG_OP = 'UPDATE'
     AND current_setting('meridian.moving_to_archive', true) = 'on' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION '% of % refused: the audit trail is added to and never changed', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = TG_TABLE_NAME || '_append_only';
END $$;

-- Such a session takes data out, with a hash in its place, and changes nothing else.
CREATE FUNCTION refuse_other_than_moving() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  moved events := OLD;
BEGIN
  moved.data := NULL;
  moved.archived_leaf := NEW.archived_leaf;
  IF OLD.data IS NOT NULL AND NEW IS NOT DISTINCT FROM moved THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'UPDATE of events refused: the audit trail is added to, and only data moves to an archive'
    USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'events_only_moved';
END $$;

CREATE TRIGGER events_only_moved BEFORE UPDATE ON events
  FOR EACH ROW EXECUTE FUNCTION refuse_other_than_moving();

-- Entries of the log that is written, from one index to below another, whose data an archive of the first `head`
-- entries has and nothing here needs: a later version was told by an event of the same type, so that of each
-- aggregate the newest event of each type stays, which is what reconciliation compares. Large data is in no leaf.
CREATE FUNCTION archivable_entries(head bigint, keep_days integer, first_index bigint, end_index bigint)
RETURNS TABLE (source text, id text, leaf bytea, bytes integer) LANGUAGE sql STABLE AS $$
  SELECT event.source, event.id,
         substring(tile.hashes FROM (entry.index % 256)::integer * 32 + 1 FOR 32), octet_length(event.data)
  FROM log_head
  JOIN entries AS entry ON entry.log = log_head.log
   AND entry.index >= first_index AND entry.index < least(end_index, head - head % 256)
  JOIN tiles AS tile ON tile.log = entry.log AND tile.level = 0 AND tile.index = entry.index / 256
  JOIN events AS event ON event.source = entry.source AND event.id = entry.id
  WHERE event.kind = 'event' AND event.data IS NOT NULL
    AND event.ingested_at < now() - keep_days * interval '1 day'
    -- No text has more than 512 bytes.
    AND octet_length(event.data) < 60000
    AND EXISTS (
      SELECT FROM events AS later
      JOIN entries AS sealed ON sealed.log = log_head.log
       AND sealed.source = later.source AND sealed.id = later.id
      WHERE later.source = event.source AND later.subject = event.subject
        AND later.version > event.version AND later.type = event.type AND later.kind = 'event')
$$;

-- Moves what these entries carry; returns of how many. Refuses unless the log itself says, in an entry that a published
-- head covers, that there is an archive of that head. For the owner of the database, never for the service.
CREATE FUNCTION move_to_archive(head bigint, keep_days integer, first_index bigint, end_index bigint)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  moved integer;
BEGIN
  IF keep_days IS NULL OR keep_days < 90 THEN
    RAISE EXCEPTION 'Days: must be at least 90, got %', keep_days USING ERRCODE = 'invalid_parameter_value';
  END IF;
  IF NOT EXISTS (
    SELECT FROM log_head
    JOIN checkpoints AS archived ON archived.log = log_head.log AND archived.size = head
    JOIN events AS record ON record.source = 'log:' || log_head.origin AND record.id = 'archive/' || head
     AND record.data = convert_to(archived.note, 'UTF8')
    JOIN entries AS sealed ON sealed.log = log_head.log
     AND sealed.source = record.source AND sealed.id = record.id
    WHERE sealed.index < (SELECT max(size) FROM checkpoints WHERE checkpoints.log = log_head.log)
  ) THEN
    RAISE EXCEPTION 'Archive of % entries: must be recorded in the log under a published head', head
      USING ERRCODE = 'object_not_in_prerequisite_state', CONSTRAINT = 'archive_recorded';
  END IF;
  PERFORM set_config('meridian.moving_to_archive', 'on', true);
  UPDATE events SET data = NULL, archived_leaf = old.leaf
  FROM archivable_entries(head, keep_days, first_index, end_index) AS old
  WHERE events.source = old.source AND events.id = old.id;
  GET DIAGNOSTICS moved = ROW_COUNT;
  PERFORM set_config('meridian.moving_to_archive', 'off', true);
  RETURN moved;
END $$;

REVOKE EXECUTE ON FUNCTION move_to_archive FROM PUBLIC;
