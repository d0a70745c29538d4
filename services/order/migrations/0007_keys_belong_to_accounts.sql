-- An Idempotency-Key belongs to the account that sent it. The automatic refund of a cancelled order belongs to nobody, so its
-- key can no longer meet the key of a seller.
alter table fulfilment drop constraint fulfilment_order_id_idempotency_key_key,
  add constraint fulfilment_key unique (order_id, created_by, idempotency_key);
alter table refund drop constraint refund_order_id_idempotency_key_key,
  add constraint refund_key unique nulls not distinct (order_id, created_by, idempotency_key);

-- A refund of units that cost nothing moves no money: it only withdraws the units.
alter table refund drop constraint refund_amount_check, add constraint refund_amount_check check (amount >= 0);
