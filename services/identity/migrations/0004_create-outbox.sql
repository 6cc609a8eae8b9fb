-- Up Migration

-- Events of committed changes on their way to Kafka (services/kit/events): written in the transaction
-- of the change, published by the relay, deleted some time after.
CREATE TABLE outbox (
  -- UUIDv7; the event's CloudEvents id.
  id uuid PRIMARY KEY,
  -- Taken while the aggregate's row is locked, so in the order of commits for each aggregate; across
  -- aggregates transactions commit out of this order, so it is never a cursor.
  position bigint GENERATED ALWAYS AS IDENTITY,
  topic text NOT NULL,
  -- Id of the aggregate; Kafka orders events by it.
  key text NOT NULL CHECK (key <> ''),
  -- Version of the aggregate after the change, one event each.
  version bigint NOT NULL CHECK (version >= 1),
  type text NOT NULL,
  payload bytea NOT NULL,
  headers jsonb NOT NULL CHECK (jsonb_typeof(headers) = 'object'),
  created_at timestamptz NOT NULL DEFAULT now(),
  published_at timestamptz,
  -- Two changes that did not wait for each other would otherwise be published in any order.
  UNIQUE (topic, key, version)
);

CREATE INDEX outbox_unpublished ON outbox (position) WHERE published_at IS NULL;
CREATE INDEX outbox_published ON outbox (published_at) WHERE published_at IS NOT NULL;
