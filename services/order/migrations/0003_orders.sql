-- What may be sold, and for how much: order's own copy, kept current by product.changed.
create table sellable_variant (
  sku             text primary key,
  product_id      uuid not null,
  seller_id       uuid not null,
  title           text not null,
  amount          bigint not null check (amount >= 0),
  currency        char(3) not null,
  for_sale        boolean not null,
  price_version   integer not null check (price_version >= 1),
  -- The product's version: an older one that arrives late is ignored.
  product_version integer not null check (product_version >= 1)
);

-- How far the first fill of sellable_variant has come; one row.
create table catalogue_fill (
  only_one  boolean primary key default true check (only_one),
  after     uuid,
  completed boolean not null default false
);
insert into catalogue_fill default values;

create table orders (
  id               uuid primary key,
  customer_id      uuid not null,
  status           text not null check (status in
    ('pending', 'reserved', 'confirmed', 'fulfilled', 'delivered', 'rejected', 'cancelled', 'refunded')),
  version          integer not null default 1,
  amount           bigint not null check (amount >= 0),
  currency         char(3) not null,
  shipping_address jsonb not null,
  -- Why it was rejected or cancelled.
  reason           text,
  cancel_requested boolean not null default false,

  payment_provider text not null,
  -- Cleared once it has been used.
  payment_token    text,
  payment_attempts integer not null default 0,
  reserved_at      timestamptz,
  captured         bigint not null default 0 check (captured in (0, amount)),
  refunded         bigint not null default 0 check (refunded between 0 and captured),

  -- The same key of the same customer never makes a second order.
  idempotency_key  text not null,
  request_hash     bytea not null,

  -- When the timer looks at it again; null once nothing is awaited.
  due_at           timestamptz,
  nudges           integer not null default 0,
  created_at       timestamptz not null,
  updated_at       timestamptz not null,

  unique (customer_id, idempotency_key),
  check (status in ('pending', 'rejected', 'reserved', 'cancelled') or captured = amount)
);
create index orders_due on orders (due_at) where due_at is not null;
create index orders_of_customer on orders (customer_id, id desc);

create table order_line (
  order_id      uuid not null references orders on delete cascade,
  sku           text not null,
  position      smallint not null,
  product_id    uuid not null,
  seller_id     uuid not null,
  title         text not null,
  quantity      integer not null check (quantity > 0),
  amount        bigint not null check (amount >= 0),
  price_version integer not null,
  fulfilled     integer not null default 0,
  refunded      integer not null default 0,
  -- Refunded before it was sent, so never to be sent.
  withdrawn     integer not null default 0,
  primary key (order_id, sku),
  check (fulfilled >= 0 and withdrawn >= 0 and fulfilled + withdrawn <= quantity),
  check (refunded between withdrawn and quantity)
);
create index order_line_of_seller on order_line (seller_id, order_id desc);

-- The timeline of an order: what happened to it, in order.
create table order_event (
  order_id uuid not null references orders on delete cascade,
  version  integer not null,
  type     text not null,
  status   text not null,
  at       timestamptz not null,
  data     jsonb not null default '{}',
  primary key (order_id, version)
);

create table fulfilment (
  id              uuid primary key,
  order_id        uuid not null references orders on delete cascade,
  lines           jsonb not null,
  carrier         text,
  tracking_number text,
  created_by      uuid not null,
  created_at      timestamptz not null,
  idempotency_key text not null,
  request_hash    bytea not null,
  unique (order_id, idempotency_key)
);

-- Booked on the order when it is made; the provider is asked until it has answered.
create table refund (
  id              uuid primary key,
  order_id        uuid not null references orders on delete cascade,
  amount          bigint not null check (amount > 0),
  status          text not null check (status in ('pending', 'done')),
  reason          text not null,
  lines           jsonb not null,
  created_by      uuid,
  created_at      timestamptz not null,
  attempts        integer not null default 0,
  due_at          timestamptz,
  idempotency_key text not null,
  request_hash    bytea not null,
  unique (order_id, idempotency_key)
);
create index refund_due on refund (due_at) where due_at is not null;

create table cart (
  id          uuid primary key,
  -- Null while nobody has signed in: whoever knows the id may use it.
  customer_id uuid,
  order_id    uuid references orders,
  created_at  timestamptz not null,
  updated_at  timestamptz not null
);
create index cart_idle on cart (updated_at) where order_id is null;

create table cart_line (
  cart_id  uuid not null references cart on delete cascade,
  sku      text not null,
  quantity integer not null check (quantity > 0),
  added_at timestamptz not null,
  primary key (cart_id, sku)
);

-- The sandbox payment provider's own books: what a real provider would keep on its side.
create table sandbox_charge (
  key        text primary key,
  amount     bigint not null,
  currency   char(3) not null,
  status     text not null check (status in ('captured', 'declined', 'voided')),
  calls      integer not null default 1,
  created_at timestamptz not null default now()
);
create table sandbox_refund (
  key        text primary key,
  charge_key text not null references sandbox_charge,
  amount     bigint not null check (amount > 0),
  created_at timestamptz not null default now()
);
