-- The language of the mails to an account, such as `de`. Null: not known, so mails are in the language of the shop.
alter table user_account add column locale text check (length(locale) <= 35);
