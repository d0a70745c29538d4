import type { CloudEvent } from '@tradepost/contracts/cloud-event';
import { sql, type Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { OrderMovement, Reservation, StockDelta } from '../domain/reservation.ts';

/** What a batch of events about orders comes to. */
export type ReservationChanges = {
  /** By SKU; their rows are locked by this transaction. */
  deltas: ReadonlyMap<string, StockDelta>;
  /** What left and what came back, to be written down. */
  movements: readonly OrderMovement[];
  reservations: readonly Reservation[];
  /** The orders whose reservations were locked by this transaction; of the others there must be none yet. */
  known: ReadonlySet<string>;
  answers: readonly CloudEvent[];
  now: Date;
};

/** A text that is no number cannot be cast to one: so a statement fails with words of ours, and the commit that travels with it, too. */
function failUnless(part: string, expected: string, message: string): string {
  const count = `(select count(*) from ${part})`;
  return `(case when ${count} = ${expected}::int then '0' else '${message}: ' || ${count} || ' of ' || ${expected}::int end)::int`;
}

const save = sql(
  'settlement.save',
  `with moved as (
      update stock s set on_hand = s.on_hand + d.on_hand, reserved = s.reserved + d.reserved, sold = s.sold + d.sold
        from unnest($1::text[], $2::int[], $3::int[], $4::int[]) as d(sku, on_hand, reserved, sold)
        where s.sku = d.sku and s.reserved + d.reserved between 0 and s.on_hand + d.on_hand and s.sold + d.sold >= 0
        returning s.sku),
    kept as (
      insert into reservation as old (order_id, status, lines, rejection, refunds, expires_at, remind_at, cancelled_at,
          created_at, updated_at)
        select order_id, status, lines, rejection, refunds, expires_at, expires_at, cancelled_at, $6, $6
        from json_to_recordset($5::json) as r(order_id uuid, status text, lines jsonb, rejection jsonb,
          refunds uuid[], expires_at timestamptz, cancelled_at timestamptz) order by order_id
        on conflict (order_id) do update set status = excluded.status, lines = excluded.lines,
          refunds = excluded.refunds, cancelled_at = excluded.cancelled_at, updated_at = excluded.updated_at
          where old.order_id = any($7::uuid[])
        returning order_id),
    noted as (
      insert into stock_movement (sku, id, order_id, delta, on_hand, at)
        select sku, id, order_id, delta, on_hand, $6
        from unnest($9::text[], $10::uuid[], $11::uuid[], $12::int[], $13::int[]) as m(sku, id, order_id, delta, on_hand)),
    answered as (insert into outbox (event) select value from json_array_elements($8::json))
    select ${failUnless('moved', '$14', 'Stock would not add up for one of the SKUs')},
      ${failUnless('kept', '$15', 'An order of this batch is being handled by another instance')}`,
);

/**
 * Writes stock, reservations and answers in one statement, which goes out with the next one or with the commit. It fails when the
 * stock would not add up: the decision was made from these very rows, so that says that it was wrong. It fails, too, when a reservation
 * has come into being meanwhile (another instance was given another event of the same order): to be tried again.
 */
export function saveReservationChanges(tx: Tx, settlement: ReservationChanges): void {
  const { deltas, movements, reservations, known, answers, now } = settlement;
  const values = [...deltas.values()];
  tx.queue({
    ...save([
      [...deltas.keys()],
      values.map((delta) => delta.onHand),
      values.map((delta) => delta.reserved),
      values.map((delta) => delta.sold),
      JSON.stringify(reservations.map(rowOf)),
      now,
      [...known],
      JSON.stringify(answers),
      movements.map(({ sku }) => sku),
      // Ids of one millisecond are in no order of their own.
      movements.map(() => uuidv7()).sort(),
      movements.map(({ orderId }) => orderId),
      movements.map(({ delta }) => delta),
      movements.map(({ onHand }) => onHand),
      deltas.size,
      reservations.length,
    ]),
    writesOutbox: answers.length > 0,
  });
}

const rowOf = (one: Reservation) => ({
  order_id: one.orderId,
  status: one.status,
  lines: one.lines,
  rejection: one.rejection,
  refunds: one.refunds,
  expires_at: one.expiresAt,
  cancelled_at: one.cancelledAt,
});
