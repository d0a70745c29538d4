-- The language of an account's mails, as `auth` announces it. Null: not known, so it is that of the order, or of the shop.
alter table account_contact add column locale text;
