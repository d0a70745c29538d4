-- Kinds of mails that an account does not want. A row is a wish that holds: mails of the kind are withdrawn.
create table unsubscription (
  account_id      uuid not null,
  kind            text not null,
  unsubscribed_at timestamptz not null,
  primary key (account_id, kind)
);
