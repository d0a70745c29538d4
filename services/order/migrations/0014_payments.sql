-- Payments that wait: for the customer (3-D Secure, a transfer), and for the goods to be sent.
alter table orders
  add column payment_try       integer not null default 1 check (payment_try >= 1),
  -- The provider's own name of the payment.
  add column payment_reference text,
  -- What its customer has to do to pay it.
  add column payment_action    jsonb,
  -- Why the last try failed.
  add column payment_problem   text,
  add column capture_requested boolean not null default false,
  -- Whether its goods may be sent before it is paid.
  add column sends_first       boolean not null default false;

-- Some messages of providers name a payment by its reference only.
create index orders_payment_reference on orders (payment_reference) where payment_reference is not null;

-- Both checks as they were, with the two states that are new: nothing is paid in them.
alter table orders drop constraint orders_status_check, drop constraint orders_check2;
alter table orders
  add constraint orders_status_check check (status in ('pending', 'reserved', 'awaiting_payment', 'authorized', 'confirmed',
    'fulfilled', 'delivered', 'rejected', 'cancelled', 'refunded')) not valid,
  add constraint orders_check2 check
    (status in ('pending', 'rejected', 'reserved', 'awaiting_payment', 'authorized', 'cancelled') or captured = amount) not valid;
alter table orders validate constraint orders_status_check;
alter table orders validate constraint orders_check2;

-- Double-entry bookkeeping of all money of orders: each row moves an amount from one account (credit) to another (debit).
-- Rows are only ever added.
create table ledger_entry (
  id       bigint generated always as identity primary key,
  order_id uuid not null references orders,
  type     text not null,
  debit    text not null,
  credit   text not null,
  amount   bigint not null check (amount > 0),
  currency char(3) not null,
  source   text not null,
  at       timestamptz not null,
  check (debit <> credit)
);
create index ledger_entry_of_order on ledger_entry (order_id);

-- What was paid and refunded until now. What the version that is still running books meanwhile, `bookMissingEntries` adds.
insert into ledger_entry (order_id, type, debit, credit, amount, currency, source, at)
  select id, 'capture', 'provider_balance', 'customer_payments', captured, currency, 'try 1', updated_at from orders where captured > 0
  union all
  select r.order_id, 'refund_booked', 'customer_payments', 'refunds_payable', r.amount, o.currency, 'refund ' || r.id, r.created_at
    from refund r join orders o on o.id = r.order_id where r.amount > 0
  union all
  select r.order_id, 'refund_made', 'refunds_payable', 'provider_balance', r.amount, o.currency, 'refund ' || r.id, r.created_at
    from refund r join orders o on o.id = r.order_id where r.amount > 0 and r.status = 'done';

-- Messages of providers that were handled: one that comes again has no effect again.
create table payment_message (
  provider    text not null,
  id          text not null,
  -- Of the payment, or the provider's own name of it.
  key         text not null,
  type        text not null,
  received_at timestamptz not null default now(),
  primary key (provider, id)
);
create index payment_message_of_key on payment_message (key);

-- What a provider's books say otherwise than the ledger; resolved by an operator.
create table payment_difference (
  id          uuid primary key,
  order_id    uuid not null references orders,
  found_at    timestamptz not null,
  description text not null,
  ledger      jsonb not null,
  provider    jsonb not null,
  resolved_at timestamptz,
  resolved_by uuid
);
create unique index payment_difference_open on payment_difference (order_id) where resolved_at is null;

-- How far the comparison with the providers' books has come.
create table reconciliation (
  only_row   boolean primary key default true check (only_row),
  ledger_id  bigint not null default 0,
  checked_at timestamptz
);
insert into reconciliation default values;

-- The sandbox: payments that are only authorised, or wait for the shopper, and the messages that it sends about them.
alter table sandbox_charge
  add column captures     boolean not null default true,
  -- What the shopper's bank asks them; null where it asks nothing.
  add column challenge    uuid unique,
  add column order_number text;
alter table sandbox_charge drop constraint sandbox_charge_status_check;
alter table sandbox_charge add constraint sandbox_charge_status_check
  check (status in ('captured', 'declined', 'voided', 'authorized', 'challenged', 'processing'));
create table sandbox_message (
  id       uuid primary key default gen_random_uuid(),
  key      text not null,
  content  jsonb not null,
  -- A message is sent more than once, as real providers do now and then.
  sends    integer not null default 2 check (sends > 0),
  attempts integer not null default 0,
  due_at   timestamptz not null default now() + random() * interval '2 seconds'
);
create index sandbox_message_due on sandbox_message (due_at);
