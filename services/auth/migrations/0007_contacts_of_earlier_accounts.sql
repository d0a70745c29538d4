-- Accounts from before `account.contact-changed` was sent: `notification` knows their addresses once it was sent for each. The row of an
-- account that is made from now on says so by its default, since `account.created` tells of it.
alter table user_account add column contact_announced boolean not null default false;
alter table user_account alter column contact_announced set default true;
create index user_account_contact_unannounced on user_account (id) where not contact_announced;
