-- Whether accounts may sell, as `auth` tells it with `account.status-changed`: nothing is sold of those that may not. An account that
-- has no row here may sell.
create table seller_status (
  seller_id    uuid primary key,
  -- The account's, so that events are put in order: an older one changes nothing.
  version      int not null check (version >= 1),
  has_role     boolean not null,
  banned       boolean not null,
  -- Null: for good.
  banned_until timestamptz
);
