-- Addresses of accounts: the copy that mails are addressed from, so that nobody has to be asked.
create table account_contact (
  account_id uuid primary key,
  email      text not null,
  name       text not null,
  -- Of `account.contact-changed`; 0 is `account.created`.
  version    int not null check (version >= 0)
);

-- Orders that need no payment any more: a mail that asks for one is not written, whatever order the events come in.
create table settled_order (
  order_id   uuid primary key,
  settled_at timestamptz not null
);

-- One row for each mail. `data` is what its template shows; tokens in it stay encrypted.
create table mail (
  id             uuid primary key,
  -- What it is about, once for each cause: `order:<id>:confirmed`.
  cause          text not null unique,
  kind           text not null,
  locale         text not null,
  order_id       uuid,
  -- Whose mail it is: the customer, the seller.
  account_id     uuid,
  -- Null while the address of the account is not known.
  recipient      text,
  recipient_name text not null default '',
  -- `json`, because `jsonb` refuses some texts that people can write (a NUL character).
  data           json not null,
  status         text not null check (status in ('waiting_for_address', 'due', 'sending', 'sent', 'kept', 'withdrawn', 'expired',
    'suppressed', 'bounced', 'failed')),
  -- When it is sent; while it is `sending`, the end of the lease of the instance that sends it.
  due_at         timestamptz not null,
  expires_at     timestamptz,
  -- Begun attempts. It is the fencing token of the lease too: a result counts only while the number is the same.
  attempts       int not null default 0 check (attempts >= 0),
  last_problem   text,
  resent_from    uuid,
  created_at     timestamptz not null,
  finished_at    timestamptz,
  check (recipient is not null or status in ('waiting_for_address', 'withdrawn', 'expired'))
);
create index mail_due on mail (due_at) where status in ('due', 'sending');
create index mail_waiting on mail (account_id) where status = 'waiting_for_address';
create index mail_failed on mail (id) where status = 'failed';
create index mail_order on mail (order_id, id);
create index mail_account on mail (account_id, id);
create index mail_recipient on mail (recipient, id);
create index mail_status on mail (status, id);
create index mail_created on mail (created_at);

-- Addresses that nothing is sent to.
create table suppression (
  id         uuid primary key,
  -- In small letters.
  address    text not null unique,
  reason     text not null check (reason in ('bounce', 'complaint', 'operator')),
  -- The answer of the mail server, without its text: `550 5.1.1`.
  detail     text not null,
  created_at timestamptz not null
);
