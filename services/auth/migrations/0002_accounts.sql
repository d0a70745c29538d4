-- The tables of better-auth 1.7 under names of our own (`src/actions/better-auth-options.ts` maps them; a test lets
-- better-auth compare). What its model calls "user" is a user_account here, and what it calls "account", the way in
-- which somebody signs in, is a credential.

create table user_account (
  id uuid primary key,
  name text not null check (length(name) between 1 and 100),
  -- Lower case, so that an address is taken however it is written. ASCII: nothing else passes the API.
  email text not null check (length(email) <= 254 and email = lower(email)),
  email_verified boolean not null default false,
  image text,
  role text not null default 'customer' check (role in ('customer', 'seller', 'admin')),
  banned boolean not null default false,
  ban_reason text,
  -- Until when; null is for good.
  ban_expires timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint user_account_email_key unique (email),
  check (banned or (ban_reason is null and ban_expires is null))
);

create table credential (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  provider_id text not null,
  account_id text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- An argon2id hash in the PHC format; never a password.
  password text check (password like '$argon2id$%'),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint credential_provider_account_key unique (provider_id, account_id)
);
create index credential_user_id_idx on credential (user_id);

create table session (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  -- SHA-256 of the token, in base64url: whoever reads this table cannot sign in with it.
  token_hash text not null check (length(token_hash) = 43),
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint session_token_hash_key unique (token_hash)
);
create index session_user_id_idx on session (user_id, id);
create index session_expires_at_idx on session (expires_at);

-- Nothing writes it yet: it is better-auth's, for the links in mails.
create table verification (
  id uuid primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index verification_identifier_idx on verification (identifier);

-- Ed25519 keys of access tokens. The private half is encrypted with AUTH_SECRET.
create table signing_key (
  id uuid primary key,
  public_key json not null,
  private_key text not null,
  -- It is published from the moment it is made, and signs from here on, until the next one does.
  signs_from timestamptz not null,
  created_at timestamptz not null default now()
);

create table api_key (
  id uuid primary key,
  user_id uuid not null references user_account (id) on delete cascade,
  name text not null check (length(name) between 1 and 100),
  -- SHA-256 of the key, in base64url.
  key_hash text not null check (length(key_hash) = 43),
  -- Its first characters, by which its owner recognises it.
  start text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  created_at timestamptz not null default now(),
  constraint api_key_key_hash_key unique (key_hash)
);
create index api_key_user_id_idx on api_key (user_id, id);

-- How often something was tried that may only be tried so often, by what it is counted for (a hash) and until when.
create table attempt (
  key text primary key,
  count int not null check (count >= 0),
  resets_at timestamptz not null
) with (fillfactor = 70);
create index attempt_resets_at_idx on attempt (resets_at);
