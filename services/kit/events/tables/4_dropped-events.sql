-- Up Migration

-- Events that somebody decided not to handle (services/kit/events), each as it came, and why: what it would
-- have changed is missing, and here is what and for what reason. Written by the consumer when it is told.
CREATE TABLE dropped_events (
  consumer text NOT NULL,
  topic text NOT NULL,
  key bytea NOT NULL,
  event_id text NOT NULL,
  value bytea,
  headers json NOT NULL,
  held_at timestamptz NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  dropped_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);
