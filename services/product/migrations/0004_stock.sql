-- How many units of a SKU there are. Product and position are those of its variant and never change; they are repeated
-- here so that one index finds all that a product has. Room is left in pages, so that updates need no index entries.
create table stock (
  sku        text collate "C" primary key references variant,
  product_id uuid not null,
  position   integer not null,
  -- In the warehouse, what is held for orders included.
  on_hand    integer not null check (on_hand between 0 and 1000000000),
  -- Held for orders that are not paid yet.
  reserved   integer not null default 0,
  -- Left for good, what came back not included. Adjustments add up to on_hand + sold.
  sold       integer not null default 0 check (sold >= 0),
  check (reserved between 0 and on_hand)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
create index stock_of_product on stock (product_id, position);

create table stock_adjustment (
  id          uuid primary key,
  sku         text collate "C" not null references stock,
  delta       integer not null check (delta <> 0),
  reason      text not null check (length(reason) between 1 and 200),
  adjusted_by uuid not null,
  -- What it came to.
  on_hand     integer not null check (on_hand >= 0),
  created_at  timestamptz not null
);
create index stock_adjustment_of_sku on stock_adjustment (sku, id);

-- What became of the stock that an order asked for.
--   held      its lines are counted in stock.reserved
--   sold      they are counted in stock.sold, but for what came back (`returned` of each line)
--   released  they went back on sale; without lines if the order was cancelled before it was heard of
--   rejected  nothing was ever held (`rejection` says why)
create table reservation (
  order_id     uuid primary key,
  status       text not null check (status in ('held', 'sold', 'released', 'rejected')),
  -- [{"sku", "quantity", "returned"}], one per SKU.
  lines        jsonb not null,
  rejection    jsonb check ((rejection is not null) = (status = 'rejected')),
  -- The refunds whose goods have come back.
  refunds      uuid[] not null,
  expires_at   timestamptz,
  -- When the order that was cancelled says that it was; a confirmation from before then is out of date.
  cancelled_at timestamptz,
  -- When order is asked (again) what became of it.
  remind_at    timestamptz,
  reminders    integer not null default 0,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  check (status <> 'held' or (expires_at is not null and remind_at is not null))
) with (fillfactor = 80);
create index reservation_expiring on reservation (remind_at) where status = 'held';
