-- Orders of guests: their e-mail address. `customer_id` is then an id that follows from the address and the secret below.
alter table orders add column guest_email text;

-- What the ids of guests and the tokens of their orders are made with. It is drawn here, so that no deployment can forget to set it.
create table guest_secret (
  only_row boolean primary key default true check (only_row),
  secret bytea not null check (length(secret) >= 32)
);
insert into guest_secret (secret) values (uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
