-- Up Migration

-- Webhooks that were taken, so that one which comes again changes nothing.
CREATE TABLE webhooks (
  sender text NOT NULL,
  webhook_id text NOT NULL CHECK (char_length(webhook_id) BETWEEN 1 AND 255),
  receive_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (sender, webhook_id)
);

CREATE INDEX webhooks_by_age ON webhooks (receive_time);
