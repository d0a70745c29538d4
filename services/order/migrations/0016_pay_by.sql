-- Until when an order may be paid, as its customer was told: a change of the setting changes it for later orders only. Null for orders
-- that were reserved before this column was there.
alter table orders add column pay_by timestamptz;
