-- Up Migration

-- Why the newest refund was refused, and how often what a cancel undoes was.
ALTER TABLE orders
  ADD COLUMN refund_decline_code text NOT NULL DEFAULT '',
  ADD COLUMN undo_refusals integer NOT NULL DEFAULT 0 CHECK (undo_refusals >= 0);

-- Orders that go on by themselves, by their last visible change: those that do not are found.
CREATE INDEX orders_under_way ON orders (update_time)
  WHERE phase NOT IN ('declined', 'confirmed', 'cancelled');
