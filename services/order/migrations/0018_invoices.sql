-- Invoices and credit notes of the shop. Personal data: `invoice.content` -> 'customer' (name, company, address, VAT id). The law wants these
-- documents kept; `invoice_kept_until` is the one place that says how long. Until then they are neither changed nor deleted.
alter table shop_settings
  -- Without it no documents are issued.
  add column legal_name text,
  add column address_lines text[] not null default '{}',
  add column invoice_prefix text not null default 'INV',
  add column credit_note_prefix text not null default 'CN',
  -- What stands at the foot of each document.
  add column invoice_note text;
alter table shop_settings
  add constraint shop_settings_address check (legal_name is null or cardinality(address_lines) > 0),
  add constraint shop_settings_prefixes check (invoice_prefix <> credit_note_prefix);

alter table orders
  -- Null: without documents, as are all orders that were placed before the shop had a legal name. `wanted`: the invoice is to be issued once
  -- the order is paid, or sold on invoice. `issued`: it was. `reversed`: a credit note has taken back the invoice of an order that was never paid.
  add column invoicing text check (invoicing in ('wanted', 'issued', 'reversed')),
  -- The part of `refunded` that credit notes were issued for, in minor units.
  add column credited bigint not null default 0;

-- Orders whose documents are due. It has no column that changes when the stock is reserved, and the status least of all: an update that
-- changes no column of any index touches no index. `reason` is set when an order ends unpaid.
create index orders_to_invoice on orders (id) where
  (invoicing = 'wanted' and (captured > 0 or sends_first or (amount = 0 and due_at is null)))
  or (invoicing = 'issued' and (refunded > credited or (captured = 0 and reason is not null)));

-- The last number of each series, and the row whose lock makes numbers consecutive.
create table invoice_counter (
  series    text primary key,
  year      integer not null,
  last      integer not null check (last >= 0),
  issued_at timestamptz not null
);

-- A document as it was issued. Amounts are minor units, those of a credit note above 0 too.
create table invoice (
  number         text primary key,
  type           text not null check (type in ('invoice', 'credit_note')),
  series         text not null,
  year           integer not null,
  sequence       integer not null check (sequence > 0),
  order_id       uuid not null references orders,
  -- The refund that a credit note is about; null for an order that was cancelled unpaid.
  refund_id      uuid unique references refund,
  -- The invoice that a credit note is about.
  invoice_number text references invoice,
  issued_at      timestamptz not null,
  currency       char(3) not null,
  net            bigint not null,
  tax            bigint not null,
  gross          bigint not null,
  content        jsonb not null,
  unique (series, year, sequence),
  check (net + tax = gross and net >= 0 and tax >= 0),
  check ((type = 'credit_note') = (invoice_number is not null)),
  check (type = 'credit_note' or refund_id is null)
);
create unique index invoice_of_order on invoice (order_id) where type = 'invoice';
create unique index invoice_reversal on invoice (order_id) where type = 'credit_note' and refund_id is null;
create index invoice_by_order on invoice (order_id);
create index invoice_by_time on invoice (issued_at, number);

-- Until the end of the tenth calendar year after the year of issue.
create function invoice_kept_until(issued_at timestamptz) returns timestamptz language sql immutable
  return (date_trunc('year', issued_at at time zone 'UTC') + interval '11 years') at time zone 'UTC';

create function refuse_invoice_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' and now() >= invoice_kept_until(old.issued_at) then
    return old;
  end if;
  raise exception 'The document % was issued: it is never changed, and kept until %', old.number, invoice_kept_until(old.issued_at)
    using errcode = 'restrict_violation';
end
$$;
create trigger invoice_never_changes before update or delete on invoice for each row execute function refuse_invoice_change();
