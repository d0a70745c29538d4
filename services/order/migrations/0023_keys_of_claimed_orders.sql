-- The guest who placed an order that an account has claimed since (`customer_id` is the account then); null otherwise. The Idempotency-Key stays
-- the guest's: sent again it gives this order, and it does not meet the keys of the account.
alter table orders add column placed_by uuid;
create unique index orders_key on orders (coalesce(placed_by, customer_id), idempotency_key);
alter table orders drop constraint orders_customer_id_idempotency_key_key;
