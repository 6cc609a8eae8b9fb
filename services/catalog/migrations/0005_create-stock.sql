-- Up Migration

-- Since when nobody can buy it.
ALTER TABLE products
  ADD COLUMN discontinue_time timestamptz CHECK (discontinue_time >= create_time);

-- Units of each product (ADR 50): the row that sales of it wait for, with a version of its own.
CREATE TABLE stock (
  product_id uuid PRIMARY KEY REFERENCES products,
  -- Units in the warehouse, those that are reserved among them.
  on_hand integer NOT NULL,
  -- Sum over the lines of active reservations.
  reserved integer NOT NULL DEFAULT 0,
  -- Sums over stock_movements: received and corrected; sold, less returned.
  received bigint NOT NULL,
  sold bigint NOT NULL DEFAULT 0 CHECK (sold >= 0),
  -- Whether products.discontinue_time is set: said here too, so that one lock is enough to reserve.
  discontinued boolean NOT NULL DEFAULT false,
  update_time timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1 CHECK (version >= 1),
  CHECK (0 <= reserved AND reserved <= on_hand),
  CONSTRAINT stock_conserved CHECK (received = on_hand + sold)
-- A sale changes no index, so the row's next version finds room on the same page.
) WITH (fillfactor = 50);

-- Why units came and went. Rows are only ever added.
CREATE TABLE stock_movements (
  product_id uuid NOT NULL REFERENCES stock,
  -- The stock's version that it led to.
  version bigint NOT NULL CHECK (version >= 1),
  kind text NOT NULL,
  quantity integer NOT NULL,
  -- The reservation that was sold or returned; else what the units came with.
  reference text NOT NULL CHECK (reference <> ''),
  create_time timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (product_id, version),
  CHECK (CASE kind
    WHEN 'received' THEN quantity > 0
    WHEN 'corrected' THEN quantity <> 0
    WHEN 'sold' THEN quantity > 0
    WHEN 'returned' THEN quantity > 0
    ELSE false
  END)
);

CREATE TABLE reservations (
  -- Chosen by who reserves.
  reservation_id uuid PRIMARY KEY,
  status text NOT NULL CHECK (status IN ('active', 'committed', 'released', 'expired', 'returned')),
  create_time timestamptz NOT NULL,
  expire_time timestamptz NOT NULL CHECK (expire_time >= create_time),
  update_time timestamptz NOT NULL CHECK (update_time >= create_time),
  version bigint NOT NULL DEFAULT 1 CHECK (version >= 1)
);

-- What the sweeper looks through; finished reservations are kept and are not in it.
CREATE INDEX reservations_active ON reservations (expire_time) WHERE status = 'active';

CREATE TABLE reservation_lines (
  reservation_id uuid NOT NULL REFERENCES reservations,
  product_id uuid NOT NULL REFERENCES stock,
  quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 1000),
  PRIMARY KEY (reservation_id, product_id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING
    ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_NAME,
    MESSAGE = format('%s on %s is refused by %s', TG_OP, TG_TABLE_NAME, TG_NAME);
END $$;

CREATE TRIGGER stock_movements_stay BEFORE UPDATE OR DELETE ON stock_movements
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER reservation_lines_stay BEFORE UPDATE OR DELETE ON reservation_lines
  FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- services/catalog/reservation-transitions.ts; a test holds the two together.
CREATE TRIGGER reservations_transitions BEFORE UPDATE ON reservations
  FOR EACH ROW WHEN ((OLD.status, NEW.status) NOT IN (
    ('active', 'committed'), ('active', 'released'), ('active', 'expired'), ('committed', 'returned')
  )) EXECUTE FUNCTION refuse_change();

INSERT INTO stock (product_id, on_hand, received, update_time)
SELECT product_id, stock, stock, update_time FROM products;

INSERT INTO stock_movements (product_id, version, kind, quantity, reference, create_time)
SELECT product_id, 1, 'received', on_hand, 'before stock had rows of its own', update_time
FROM stock WHERE on_hand > 0;

ALTER TABLE products DROP COLUMN stock;

-- Lists leave out what is discontinued, so its indexes do too.
DROP INDEX products_by_category;
CREATE INDEX products_by_category ON products (category, product_id) WHERE discontinue_time IS NULL;
CREATE INDEX products_listed ON products (product_id) WHERE discontinue_time IS NULL;
