-- Up Migration

-- Every event as it was published, once; what a leaf is made from, and where it came from besides.
CREATE TABLE events (
  -- SPIFFE ID of the service that published it; 'kafka:<topic>' of an unreadable record.
  source text NOT NULL CHECK (octet_length(source) <= 512),
  id text NOT NULL CHECK (octet_length(id) <= 512),
  kind text NOT NULL CHECK (kind IN ('event', 'baseline', 'unreadable')),
  type text NOT NULL CHECK (octet_length(type) <= 512),
  -- With the source, the aggregate.
  subject text NOT NULL CHECK (octet_length(subject) <= 512),
  version bigint CHECK (version >= 1),
  -- To the millisecond, as it is sealed: a finer part could be changed unnoticed.
  event_time timestamptz(3) NOT NULL,
  causation_id text CHECK (octet_length(causation_id) <= 512),
  correlation_id text NOT NULL CHECK (octet_length(correlation_id) <= 512),
  data bytea NOT NULL,
  -- Not sealed, as a topic that is made again counts from zero.
  topic text,
  partition integer,
  kafka_offset bigint,
  ingested_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, id)
);

CREATE INDEX events_by_aggregate ON events (source, subject, version);
CREATE INDEX events_by_correlation ON events (correlation_id);
CREATE INDEX events_by_causation ON events (causation_id) WHERE causation_id IS NOT NULL;

-- Events that have no place in the log yet: written with them, deleted by the statement that seals them.
CREATE TABLE pending (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  source text NOT NULL,
  id text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now()
);
