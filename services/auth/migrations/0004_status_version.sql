-- The version of what an account may do: rises with each change of its role and each ban, and is sent with `account.status-changed`,
-- so that others can put these events in order. 0: never sent.
alter table user_account add column status_version int not null default 0;

-- Bans from before this migration, which are still to be sent.
create index user_account_ban_unsent on user_account (id) where banned and status_version = 0;
