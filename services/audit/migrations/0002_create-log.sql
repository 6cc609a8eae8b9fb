-- Up Migration

-- The log that is written, and the right edge of its tree. Its number tells it from those before it, which
-- keep their rows: after a restore to an earlier moment a successor begins (docs/decisions/0066).
CREATE TABLE log_head (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  log integer NOT NULL CHECK (log >= 1),
  -- Name of the log, and of its keys; null until the first sequencer gives it.
  origin text,
  size bigint NOT NULL CHECK (size >= 0),
  -- Of the tree of that size (RFC 9162 section 2.1.1).
  root bytea NOT NULL CHECK (octet_length(root) = 32),
  -- The tile of each level that is not full, the lowest first: hashes one after the other.
  edge bytea[] NOT NULL
);

INSERT INTO log_head (log, size, root, edge) VALUES (1, 0, sha256(''), '{}');

-- Places of events in the log: dense from 0. Hashes of their leaves are in the tiles. Without foreign keys, which would cost as much as the rows.
CREATE TABLE entries (
  log integer NOT NULL,
  index bigint NOT NULL CHECK (index >= 0),
  source text NOT NULL,
  id text NOT NULL,
  PRIMARY KEY (log, index),
  UNIQUE (log, source, id)
);

-- Full tiles of 256 hashes (C2SP tlog-tiles).
CREATE TABLE tiles (
  log integer NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 5),
  index bigint NOT NULL CHECK (index >= 0),
  hashes bytea NOT NULL CHECK (octet_length(hashes) = 8192),
  PRIMARY KEY (log, level, index)
);

-- Hashes cannot be compressed.
ALTER TABLE tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- Heads that are published (C2SP tlog-checkpoint).
CREATE TABLE checkpoints (
  log integer NOT NULL,
  size bigint NOT NULL CHECK (size > 0),
  note text NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (log, size)
);

-- Keys that heads are signed with: each is here before its first head, and stays.
CREATE TABLE log_keys (
  -- Eight hexadecimal digits (C2SP signed-note).
  key_id text PRIMARY KEY CHECK (key_id ~ '^[0-9a-f]{8}$'),
  log integer NOT NULL,
  vkey text NOT NULL,
  -- Certificates as PEM, the key's own first.
  chain text NOT NULL,
  since timestamptz NOT NULL DEFAULT now()
);
