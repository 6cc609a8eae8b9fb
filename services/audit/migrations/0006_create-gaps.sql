-- Up Migration

-- Versions of aggregates of which nobody has told although a later one is in the log; until they are.
CREATE TABLE gaps (
  source text NOT NULL,
  subject text NOT NULL,
  version bigint NOT NULL CHECK (version >= 1),
  found_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (source, subject, version)
);

-- How far the entries of a log were looked through for gaps.
CREATE TABLE gap_look (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  log integer NOT NULL,
  next_index bigint NOT NULL
);

INSERT INTO gap_look (log, next_index) VALUES (1, 0);
