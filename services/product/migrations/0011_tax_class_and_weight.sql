-- What an order must know of a product to be taxed and shipped. An instance of the version before does not name these columns, so its
-- new products get the defaults, and its changes leave them as they are.
alter table product
  add column tax_class text not null default 'standard' check (tax_class ~ '^[a-z0-9-]{1,40}$'),
  -- Nothing is sent.
  add column digital boolean not null default false;

-- Null: unknown, which counts as 0.
alter table variant add column weight_grams integer check (weight_grams between 0 and 1000000);
