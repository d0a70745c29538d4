-- Whether a sign-in by password needs a second factor. It stands here so that the statement that opens a session reads it with the account.
alter table user_account add column second_factor boolean not null default false;

-- The secret that an account shares with an authenticator app (RFC 6238).
create table totp (
  account_id uuid primary key references user_account (id) on delete cascade,
  -- Encrypted with AUTH_SECRET.
  secret text not null,
  -- Which secret encrypted it: the first characters of the hash of it.
  secret_key text not null,
  -- Null until a first code was shown: nothing asks for a code before.
  confirmed_at timestamptz,
  -- The time step (of 30 s) of the last code that was accepted. No code of this step or an earlier one is accepted again.
  last_step int not null default 0,
  created_at timestamptz not null default now()
);
-- For the change of AUTH_SECRET.
create index totp_secret_key_idx on totp (secret_key);

-- Each row is a code that was not used yet, as SHA-256 of the account and the code.
create table recovery_code (
  account_id uuid not null references totp (account_id) on delete cascade,
  code_hash text not null check (length(code_hash) = 43),
  primary key (account_id, code_hash)
);

-- Public keys of WebAuthn credentials. Nothing in here is secret.
create table passkey (
  id uuid primary key,
  account_id uuid not null references user_account (id) on delete cascade,
  credential_id text not null unique check (length(credential_id) <= 1400),
  -- COSE, base64url.
  public_key text not null,
  -- How often the authenticator says that it was used; 0 where it does not count.
  counter bigint not null,
  transports text[] not null,
  name text not null check (length(name) between 1 and 100),
  created_at timestamptz not null default now(),
  last_used_at timestamptz
);
create index passkey_account_id_idx on passkey (account_id, id);
