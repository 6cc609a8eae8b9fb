-- Up Migration

-- Events that a consumer has handled (services/kit/events): written in the transaction of the effect,
-- so that an event that comes again has none.
CREATE TABLE inbox (
  consumer text NOT NULL,
  event_id text NOT NULL CHECK (char_length(event_id) BETWEEN 1 AND 255),
  handled_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, event_id)
);

CREATE INDEX inbox_handled ON inbox (handled_at);
