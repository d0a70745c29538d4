-- A cart's version rises with each change of its lines. An order is made of a cart only at the version that was priced, in the
-- statement that closes the cart, so a line that is put in meanwhile is never lost.
alter table cart add column version integer not null default 1;
-- The cart of the account that took over the lines of this one.
alter table cart add column merged_into uuid;
create index cart_of_customer on cart (customer_id, id desc)
  where customer_id is not null and order_id is null and merged_into is null;

-- An order of a cart has no Idempotency-Key: the cart itself becomes at most one order at a time.
alter table orders add column cart_id uuid;
alter table orders alter column idempotency_key drop not null,
  add constraint orders_key_or_cart check (idempotency_key is not null or cart_id is not null);

-- The number that people use: eight random digits, so that it does not tell how many orders there are. Present orders get theirs
-- by a permutation of their position: the multiplier has no common factor with 90,000,000.
alter table orders add column number integer;
update orders o set number = 10000000 + (n.position * 54018521 % 90000000)
  from (select id, row_number() over (order by id) as position from orders) as n where n.id = o.id;
alter table orders alter column number set not null,
  -- For instances of the version before, while they still run.
  alter column number set default 10000000 + floor(random() * 90000000)::integer,
  add constraint orders_number unique (number);
