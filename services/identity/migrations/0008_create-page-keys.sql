-- Up Migration

-- The key that signs page tokens (services/kit/pages): one for all replicas, made here once. Whoever
-- replaces it has walks that are under way begin again.
CREATE TABLE page_keys (
  only_one boolean PRIMARY KEY DEFAULT true CHECK (only_one),
  -- 244 random bits: version and variant of a UUID are fixed (RFC 9562).
  key bytea NOT NULL CHECK (octet_length(key) = 32)
);

INSERT INTO page_keys (key)
VALUES (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
