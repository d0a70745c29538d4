-- Whether accounts may sell, as `auth` tells it with `account.status-changed`. An account that has no row here may sell.
create table seller_status (
  seller_id       uuid primary key,
  -- The account's, so that events are put in order: an older one changes nothing.
  version         int not null check (version >= 1),
  has_role        boolean not null,
  banned          boolean not null,
  -- Null: for good.
  banned_until    timestamptz,
  suspended       boolean not null generated always as (not has_role or banned) stored,
  -- Since when without a break, by the clock of auth; null while the account may sell.
  suspended_since timestamptz
);
create index seller_status_ban_ending on seller_status (banned_until) where banned and banned_until is not null;

-- Changes of `seller_status` that are not done to the rows of `product` yet. A task goes through the products of a seller by id, some
-- at a time; `done_to` is how far it is.
create table seller_status_change (
  id        bigint generated always as identity primary key,
  seller_id uuid not null,
  done_to   uuid not null default '00000000-0000-0000-0000-000000000000'
);
create index seller_status_change_of_seller on seller_status_change (seller_id, id);

-- `suspended`: would be active, but its seller may not sell. All indexes for lists and searches are on active products alone.
alter table product drop constraint product_status_check;
alter table product add constraint product_status_check check (status in ('active', 'suspended', 'archived')) not valid;
alter table product validate constraint product_status_check;
