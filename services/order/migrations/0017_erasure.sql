-- How much personal data an order still holds. `full`: all. `books`: what books need, with the invoice address. `none`: amounts, items and
-- the country. Amounts are never changed.
alter table orders add column personal_data text not null default 'full'
  check (personal_data in ('full', 'books', 'none'));

-- Accounts that were erased: kept, so that nothing that arrives later brings their data back.
create table erased_account (
  account_id uuid primary key,
  erasure_id uuid not null,
  erased_at timestamptz not null,
  -- Of the last `account.erasure-confirmed`; rises with each.
  version integer not null default 0,
  -- What is kept has changed since.
  is_unconfirmed boolean not null default true
);
create index erased_account_unconfirmed on erased_account (account_id) where is_unconfirmed;

-- Orders whose personal data is to be reduced: at once, or when they are settled.
create table order_erasure (
  order_id uuid primary key references orders (id) on delete cascade,
  target text not null check (target in ('books', 'none')),
  due_at timestamptz not null
);
create index order_erasure_due on order_erasure (due_at);

-- How far the retention task has looked at orders, in the order of their ids, which is that of their time.
create table order_retention (
  only_row boolean primary key default true check (only_row),
  after uuid not null default '00000000-0000-0000-0000-000000000000'
);
insert into order_retention default values;
