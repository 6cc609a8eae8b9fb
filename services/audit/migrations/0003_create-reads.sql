-- Up Migration

-- Who read what of the trail, once for each call.
CREATE TABLE reads (
  position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reader text NOT NULL,
  method text NOT NULL,
  request text NOT NULL,
  read_at timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX reads_by_reader ON reads (reader, position);
