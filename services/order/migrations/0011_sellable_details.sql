-- What an order must know of a product to be taxed and shipped. An instance of the version before does not name these columns: its rows
-- get the defaults, and its changes leave them as they are.
alter table sellable_variant
  add column tax_class    text not null default 'standard',
  add column weight_grams integer not null default 0,
  add column digital      boolean not null default false,
  add column categories   text[] not null default '{}',
  -- The version of the product that the four columns above are of. It is below product_version in rows that were written before, or
  -- from an event without these fields: a task asks `product` for them. Orders are accepted meanwhile.
  add column details_version integer not null default 0;

create index sellable_variant_without_details on sellable_variant (sku) where details_version < product_version;
