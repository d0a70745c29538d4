-- Staff roles of a shop's own. The ready-made ones are in packages/contracts/src/permissions.ts.
create table staff_role (
  id uuid primary key,
  name text not null check (length(name) between 1 and 60),
  permissions text[] not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create unique index staff_role_name_key on staff_role (lower(name));

-- The staff role of an account with the role `staff`: the key of a ready-made one, or one of the shop's own. The version before knows
-- neither column, so an account that it gives another role keeps what is here; it counts for `staff` only.
alter table user_account
  add column ready_made_role text,
  add column staff_role_id uuid references staff_role (id),
  drop constraint user_account_role_check,
  add constraint user_account_role_check check (role in ('customer', 'seller', 'staff', 'admin')),
  add constraint user_account_staff_role_check check (role <> 'staff' or num_nonnulls(ready_made_role, staff_role_id) = 1);
create index user_account_staff_role_id_idx on user_account (staff_role_id) where staff_role_id is not null;

-- Who is asked to work in the shop. The token of the link is stored as SHA-256 only.
create table invitation (
  id uuid primary key,
  email text not null check (length(email) <= 254 and email = lower(email)),
  role text not null check (role in ('seller', 'staff', 'admin')),
  ready_made_role text,
  staff_role_id uuid references staff_role (id),
  token_hash text not null check (length(token_hash) = 43),
  -- The operator. The invitation is good while they hold what it gives.
  invited_by uuid not null references user_account (id) on delete cascade,
  created_at timestamptz not null default now(),
  sent_at timestamptz not null,
  expires_at timestamptz not null,
  constraint invitation_email_key unique (email),
  constraint invitation_token_hash_key unique (token_hash),
  check (role <> 'staff' or num_nonnulls(ready_made_role, staff_role_id) = 1)
);
create index invitation_expires_at_idx on invitation (expires_at);
create index invitation_invited_by_idx on invitation (invited_by);
create index invitation_staff_role_id_idx on invitation (staff_role_id) where staff_role_id is not null;

-- What an API key may do of what its account may: null is all, as for every key of before.
alter table api_key
  add column permissions text[],
  add column read_only boolean not null default false;

-- The operator who acts as the account of the session. Such a session is not extended.
alter table session add column operator_id uuid references user_account (id) on delete cascade;
create index session_operator_id_idx on session (operator_id) where operator_id is not null;
