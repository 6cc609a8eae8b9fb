-- Up Migration

-- Public keys of the replicas. A row is there before its key signs, and goes when the last token that
-- the key can have signed has expired.
CREATE TABLE signing_keys (
  -- Thumbprint of the key (RFC 7638).
  kid text PRIMARY KEY,
  -- Ed25519, 32 bytes (RFC 8032).
  public_key bytea NOT NULL CHECK (octet_length(public_key) = 32),
  publish_time timestamptz NOT NULL DEFAULT now(),
  expire_time timestamptz NOT NULL
);

CREATE INDEX signing_keys_by_expiry ON signing_keys (expire_time);
