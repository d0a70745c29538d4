-- Accounts, and orders of guests, whose data was erased. The ids are kept, so that an event that comes late writes no mail and no address.
create table erased_subject (
  id uuid primary key,
  -- Null for an order of a guest, which nobody waits for a confirmation of.
  erasure_id uuid,
  erased_at timestamptz not null,
  -- The mail that confirms the erasure, until it is sent: it is then removed with its address.
  last_mail_id uuid,
  -- Of the last `account.erasure-confirmed`.
  version integer not null default 0,
  is_unconfirmed boolean not null
);
create index erased_subject_unconfirmed on erased_subject (id) where is_unconfirmed;
create index erased_subject_last_mail on erased_subject (last_mail_id) where last_mail_id is not null;
create index erased_subject_recent on erased_subject (erased_at);
