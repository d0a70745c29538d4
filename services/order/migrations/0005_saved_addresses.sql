-- Where somebody has things sent to: named once, chosen at the checkout. One of them at the most is the default.
create table saved_address (
  id uuid primary key,
  customer_id uuid not null,
  address jsonb not null,
  is_default boolean not null,
  created_at timestamptz not null
);
create index saved_address_of_customer on saved_address (customer_id, created_at);
create unique index saved_address_default on saved_address (customer_id) where is_default;
