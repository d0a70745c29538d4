import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql } from '@tradepost/postgres/db';
import type { PaymentTotals } from '../provider.ts';

/** `challenged`: the shopper is asked to confirm it. `processing`: it settles by itself. */
export type ChargeStatus = 'captured' | 'declined' | 'voided' | 'authorized' | 'challenged' | 'processing';

export type NewCharge = {
  key: string;
  amount: number;
  currency: string;
  status: ChargeStatus;
  /** Whether the money is taken as soon as the payment is good; else it is authorised. */
  captures: boolean;
  orderNumber: string | null;
  /** Calls that this one stands for. */
  calls: number;
};

export type Charge = { key: string; status: ChargeStatus; calls: number; challenge: string | null };

const chargeRows = columnArrays<NewCharge>({
  key: ['text', ({ key }) => key],
  amount: ['bigint', ({ amount }) => amount],
  currency: ['text', ({ currency }) => currency],
  status: ['text', ({ status }) => status],
  captures: ['boolean', ({ captures }) => captures],
  order_number: ['text', ({ orderNumber }) => orderNumber],
  calls: ['int', ({ calls }) => calls],
});

/** What the sandbox keeps of a payment, as SQL: 1.5 % and 25 minor units. */
const fee = 'round(amount * 0.015)::bigint + 25';

/** Messages about payments whose status is new; `changed` is the statement before that yields them. */
const messages = (changed: string, condition: string): string => `
    told as (
      insert into sandbox_message (key, content)
        select key, json_build_object('status', status, 'reason', 'payment_declined') from ${changed}
          where ${condition} and status in ('captured', 'authorized', 'declined')
        union all
        select key, json_build_object('status', 'fee', 'amount', ${fee}) from ${changed} where ${condition} and status = 'captured')`;

const record = sql(
  'sandbox.record',
  `with recorded as (
      insert into sandbox_charge as c (key, amount, currency, status, captures, order_number, calls, challenge)
        select key, amount, currency, status, captures, order_number, calls, case when status = 'challenged' then gen_random_uuid() end
          from ${chargeRows.unnest('t')} order by key
        on conflict (key) do update set calls = c.calls + excluded.calls,
          status = case when excluded.status = 'voided' and c.status in ('authorized', 'challenged', 'processing') then 'voided'
            else c.status end
        returning key, amount, status, calls, challenge, (xmax = 0) as is_new),
    ${messages('recorded', `is_new and $${chargeRows.count + 1}`)}
    select key, status, calls, challenge from recorded`,
  { genericPlan: true },
);

/** Writes payments, or finds those that their keys made before: their outcome stands, but for one that is voided before it is final. */
export async function recordCharges(db: Db, charges: readonly NewCharge[], tellsMessages: boolean): Promise<Charge[]> {
  const { rows } = await db.query<Charge>(record([...chargeRows.values(charges), tellsMessages]));
  return rows;
}

/** A change of payments by their current status, with the messages about it. */
const change = (name: string, assignment: string, condition: string) =>
  sql(
    name,
    `with changed as (
        update sandbox_charge set status = ${assignment} where ${condition} returning key, amount, status),
      ${messages('changed', '$1')}
      select key from changed`,
  );

const capture = change('sandbox.capture', `'captured'`, `key = $2 and status = 'authorized'`);
const good = `case when captures then 'captured' else 'authorized' end`;
const answer = change(
  'sandbox.answer',
  `case when $3 then ${good} else 'declined' end`,
  `challenge = $2 and status = 'challenged'`,
);
const settle = change(
  'sandbox.settle',
  good,
  `status = 'processing' and created_at < now() - interval '4 seconds' and (key = $2 or $2 is null)`,
);

/** Takes money that was authorised. */
export const captureCharge = (db: Db, key: string, tellsMessages: boolean): Promise<unknown> =>
  db.query(capture([tellsMessages, key]));

/** What the shopper answered to the question of their bank; false when it was answered, or voided, before. */
export async function answerChallenge(
  db: Db,
  { challenge, isApproved }: { challenge: string; isApproved: boolean },
  tellsMessages: boolean,
): Promise<boolean> {
  const { rowCount } = await db.query(answer([tellsMessages, challenge, isApproved]));
  return rowCount > 0;
}

/** Settles payments that have been processed for some seconds: of one key, or all (null). */
export const settleProcessing = (db: Db, key: string | null, tellsMessages: boolean): Promise<unknown> =>
  db.query(settle([tellsMessages, key]));

export async function findCharge(db: Db, key: string): Promise<Charge | undefined> {
  const { rows } = await db.query<Charge>({
    name: 'sandbox.find',
    text: 'select key, status, calls, challenge from sandbox_charge where key = $1',
    values: [key],
  });
  return rows[0];
}

export type Challenge = { orderNumber: string; amount: number; currency: string; status: ChargeStatus };

export async function findChallenge(db: Db, challenge: string): Promise<Challenge | undefined> {
  const { rows } = await db.query<Challenge>({
    name: 'sandbox.find-challenge',
    text: `select coalesce(order_number, '') as "orderNumber", amount, currency, status from sandbox_charge where challenge = $1`,
    values: [challenge],
  });
  return rows[0];
}

export async function recordRefund(db: Db, refund: { key: string; chargeKey: string; amount: number }): Promise<void> {
  await db.query({
    name: 'sandbox.refund',
    text: `insert into sandbox_refund (key, charge_key, amount) values ($1, $2, $3) on conflict (key) do nothing`,
    values: [refund.key, refund.chargeKey, refund.amount],
  });
}

export async function totalsOfCharge(db: Db, key: string): Promise<PaymentTotals> {
  const { rows } = await db.query<PaymentTotals>({
    name: 'sandbox.totals',
    text: `select c.amount as captured, ${fee} as fee,
        coalesce((select sum(r.amount) from sandbox_refund r where r.charge_key = c.key), 0)::bigint as refunded
      from sandbox_charge c where c.key = $1 and c.status = 'captured'`,
    values: [key],
  });
  return rows[0] ?? { captured: 0, refunded: 0, fee: 0 };
}
