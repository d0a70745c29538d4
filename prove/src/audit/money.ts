import { type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** The key of the last try to pay order `o`. No other may have taken money. */
const KEY = `o.id || case when o.payment_try = 1 then '' else ':' || o.payment_try end`;

/** What the provider has taken is what the orders say, one charge for an order, to the cent. */
export async function charges(system: SystemUnderAudit): Promise<Problem[]> {
  const strays = await rowsOf<{ key: string; amount: number }>(
    system.order,
    `select key, amount from sandbox_charge c where status = 'captured' and not exists (select from orders o where c.key = ${KEY})`,
  );
  const apart = await rowsOf<{ id: string; captured: number; taken: number }>(
    system.order,
    `select o.id, o.captured, coalesce(c.amount, 0) as taken from orders o
      left join sandbox_charge c on c.key = ${KEY} and c.status = 'captured'
      where o.captured <> coalesce(c.amount, 0)`,
  );
  const promised = await rowsOf<{ id: string; status: string }>(
    system.order,
    `select o.id, o.status from orders o join sandbox_charge c on left(c.key, 36) = o.id::text
      where (c.status = 'authorized') <> (o.status = 'authorized') and c.key = ${KEY} and c.status <> 'declined'`,
  );
  return [
    ...problems('mismatched', promised, (o) => [o.id, `order ${o.id} is ${o.status}, and the provider says otherwise`]),
    ...problems('doubled', strays, (s) => [s.key, `${s.amount} was taken under ${s.key}, which is no order's key`]),
    ...problems('mismatched', apart, (o) => [o.id, `order ${o.id} says ${o.captured}, and ${o.taken} was taken`]),
  ];
}

/** What was given back is what was booked, and what the orders say. */
export async function refunds(system: SystemUnderAudit): Promise<Problem[]> {
  const apart = await rowsOf<{ id: string; refunded: number; booked: number; given: number }>(
    system.order,
    `select o.id, o.refunded, coalesce(r.booked, 0) as booked, coalesce(s.given, 0) as given from orders o
      left join (select order_id, sum(amount)::bigint as booked from refund where status = 'done' group by order_id) r
        on r.order_id = o.id
      left join (select charge_key, sum(amount)::bigint as given from sandbox_refund group by charge_key) s
        on s.charge_key = ${KEY}
      where o.refunded <> coalesce(r.booked, 0) or o.refunded <> coalesce(s.given, 0)`,
  );
  const pending = await rowsOf<{ id: string }>(system.order, `select id from refund where status = 'pending'`);
  return [
    ...problems('mismatched', apart, (o) => [
      o.id,
      `order ${o.id}: ${o.refunded} refunded, ${o.booked} booked, ${o.given} given back`,
    ]),
    ...problems('lost', pending, ({ id }) => [id, `refund ${id} was never given back`]),
  ];
}

/** What is kept of an order is what its end says: all of it, a part, or nothing. */
export async function keptMoney(system: SystemUnderAudit): Promise<Problem[]> {
  const wrong = await rowsOf<{ id: string; status: string; amount: number; captured: number; refunded: number }>(
    system.order,
    `select id, status, amount, captured, refunded from orders where not case status
        when 'rejected' then captured = 0
        when 'cancelled' then captured = refunded
        when 'authorized' then captured = 0
        when 'refunded' then captured = amount and refunded <= amount
        else captured = amount and refunded < amount end`,
  );
  return problems(
    'mismatched',
    wrong.filter(({ status }) => !['pending', 'reserved', 'awaiting_payment'].includes(status)),
    (o) => [o.id, `order ${o.id} is ${o.status}: of ${o.amount}, ${o.captured} taken and ${o.refunded} given back`],
  );
}
