-- The version of how an account is addressed: rises with each change of its name, its address, or whether that is verified, and is
-- sent with `account.contact-changed`. 0: as `account.created` said.
alter table user_account add column contact_version int not null default 0;

-- Tokens of links in mails. `identifier` is SHA-256 of the purpose and the token, `value` the account's id.
-- The address that the link verifies; null for a link that sets a password.
alter table verification add column email text;
create index verification_value_idx on verification (value);
create index verification_expires_at_idx on verification (expires_at);

-- Browsers that an account has signed in from, as hashes: a sign-in from another one is told by mail.
create table known_device (
  account_id uuid not null references user_account (id) on delete cascade,
  -- SHA-256 of the account, the family of the browser and its network.
  device_hash text not null check (length(device_hash) = 43),
  last_used_at timestamptz not null default now(),
  primary key (account_id, device_hash)
);
