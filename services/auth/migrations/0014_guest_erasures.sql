-- An erasure of a guest: of an e-mail address that has no account. `account_id` is an id made of the address, by a key.
alter table erasure add column guest boolean not null default false;
