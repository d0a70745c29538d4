-- Accounts that were erased, and what each service has done about it. The account itself is gone: this is all that is left of it.
create table erasure (
  id uuid primary key,
  account_id uuid not null unique,
  -- The account itself, or the operator who did it.
  requested_by uuid not null,
  requested_at timestamptz not null default now(),
  -- Name and address, encrypted for `notification` alone; null once it has confirmed.
  contact text
);

create table erasure_part (
  erasure_id uuid not null references erasure (id) on delete cascade,
  service text not null check (service in ('product', 'order', 'notification', 'api-gateway')),
  -- Of the confirmation that counts; 0 where there is none yet.
  version integer not null default 0 check (version >= 0),
  confirmed_at timestamptz,
  kept text[] not null default '{}',
  complete_after timestamptz,
  primary key (erasure_id, service)
);

-- Devices that were not used for long are forgotten.
create index known_device_last_used_at on known_device (last_used_at);
