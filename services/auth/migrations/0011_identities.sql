-- Accounts at other providers (OpenID Connect, GitHub) by which somebody signs in. The provider is known by its issuer: its name and id in
-- the settings may change. `email` is what the provider said when it was connected.
create table identity (
  id uuid primary key,
  account_id uuid not null references user_account (id) on delete cascade,
  issuer text not null check (length(issuer) <= 400),
  subject text not null check (length(subject) between 1 and 255),
  email text,
  created_at timestamptz not null default now(),
  last_used_at timestamptz,
  constraint identity_issuer_subject_key unique (issuer, subject)
);
create index identity_account_id_idx on identity (account_id, id);
