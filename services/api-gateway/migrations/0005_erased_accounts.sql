-- Accounts that were erased: entries of the audit trail that are written late lose their address and browser, too.
create table erased_account (
  account_id uuid primary key,
  erasure_id uuid not null,
  erased_at timestamptz not null default now(),
  -- Of the last `account.erasure-confirmed`.
  version integer not null default 0,
  is_unconfirmed boolean not null default true
);

-- Entries that still say where a request came from: of accounts and of nobody, they lose it after AUDIT_ADDRESS_RETENTION_DAYS.
create index audit_entry_with_client on audit_entry (at) where address is not null or user_agent is not null;
