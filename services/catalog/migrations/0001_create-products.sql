-- Up Migration

-- The service validates first, with better messages; these checks hold against any other writer.
CREATE TABLE products (
  -- Derived from the SKU (services/catalog/product-id.ts); pages are walked in its order.
  product_id uuid PRIMARY KEY,
  sku text NOT NULL UNIQUE CHECK (sku ~ '^[A-Za-z0-9._-]{1,64}$'),
  name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
  description text NOT NULL CHECK (char_length(description) <= 10000),
  category text NOT NULL CHECK (category ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND char_length(category) <= 63),
  brand text NOT NULL CHECK (char_length(brand) BETWEEN 1 AND 100),
  price_currency_code text NOT NULL CHECK (price_currency_code ~ '^[A-Z]{3}$'),
  price_minor_units bigint NOT NULL CHECK (price_minor_units >= 0),
  stock integer NOT NULL CHECK (stock >= 0),
  attributes jsonb NOT NULL CHECK (jsonb_typeof(attributes) = 'object'),
  create_time timestamptz NOT NULL DEFAULT now(),
  update_time timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1 CHECK (version >= 1),
  CHECK (update_time >= create_time)
);

-- Keyset pagination within a category; over all products the primary key serves.
CREATE INDEX products_by_category ON products (category, product_id);
