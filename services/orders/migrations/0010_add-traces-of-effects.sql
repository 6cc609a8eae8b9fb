-- Up Migration

-- The span in which an effect was decided (W3C Trace Context); null where that belongs to no trace. What is done about
-- the effect later is a trace of its own, with a link to that one.
ALTER TABLE order_effects
  ADD COLUMN traceparent text CHECK (char_length(traceparent) = 55);
