-- Up Migration

-- Events that wait because one of their aggregate failed (services/kit/events): that one, and behind it
-- those that came later, each as it came. While an aggregate has a row here nothing of it is handled.
CREATE TABLE held_events (
  consumer text NOT NULL,
  topic text NOT NULL,
  -- Id of the aggregate, as the key of the record.
  key bytea NOT NULL,
  -- Order of arrival, which within a key is that of the topic.
  position bigint GENERATED ALWAYS AS IDENTITY,
  event_id text NOT NULL,
  value bytea,
  -- Text by name; json keeps what jsonb would refuse.
  headers json NOT NULL,
  held_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (consumer, topic, key, position)
);
