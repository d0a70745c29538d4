-- Goods that customers sent back. A unit comes back once, and only one that was sent.
alter table order_line add column returned integer not null default 0;
alter table order_line add constraint order_line_returned check (returned between 0 and fulfilled) not valid;
alter table order_line validate constraint order_line_returned;

create table goods_return (
  id              uuid primary key,
  order_id        uuid not null references orders on delete cascade,
  lines           jsonb not null,
  -- Whether they are on sale again.
  restock         boolean not null,
  -- Typed by a person; removed with the reasons of refunds.
  reason          text not null,
  -- The refund that was booked with it, if any.
  refund_id       uuid unique references refund,
  created_by      uuid not null,
  created_at      timestamptz not null,
  idempotency_key text not null,
  request_hash    bytea not null,
  constraint goods_return_key unique (order_id, created_by, idempotency_key)
);
