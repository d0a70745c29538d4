-- Units that left for an order (delta below 0) and units that came back from one; adjustments are in stock_adjustment, and
-- both together are the history of `stock.on_hand`. It is written by the statement that changes the locked row of `stock`,
-- so it needs no reference of its own to it, which would cost a look-up for each row. Ids are UUIDv7: the order of time.
create table stock_movement (
  sku      text collate "C" not null,
  id       uuid not null,
  order_id uuid not null,
  delta    integer not null check (delta <> 0),
  -- What it came to.
  on_hand  integer not null check (on_hand >= 0),
  at       timestamptz not null,
  primary key (sku, id)
);
