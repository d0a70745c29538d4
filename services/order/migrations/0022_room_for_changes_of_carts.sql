-- A cart changes several times within a few minutes. `updated_at` is in no index now, and there is room on the page, so that a change of
-- the lines writes to no index of `cart`. Idle carts are found by when they were made.
drop index cart_idle;
create index cart_open on cart (created_at) where order_id is null;
alter table cart set (fillfactor = 75);
