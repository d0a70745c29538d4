import { type Expectations, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

type Row = { id: string; account: string; ledger: number; expected: number };

/** What the sandbox keeps of a payment: 1.5 % and 25 minor units. */
const FEE = 'round(c.amount * 0.015) + 25';

/** Sums of the entries of one order, each entry counted once as what it says it is. */
const sums = `select order_id,
    sum(amount) filter (where type = 'capture') as captured,
    sum(amount) filter (where type = 'refund_booked') as booked,
    sum(amount) filter (where type = 'refund_made') as made,
    sum(amount) filter (where type = 'fee') as fee,
    sum(case type when 'authorization' then amount when 'authorization_released' then -amount end) as promised,
    sum(case 'provider_balance' when debit then amount when credit then -amount else 0 end) as balance
  from ledger_entry group by order_id`;

/**
 * The ledger says of every order what the order and the books of the provider say: what was promised, taken, booked to go back, given
 * back and kept as a fee; and what the provider holds is all of that together.
 */
export async function ledgerBalances(
  system: SystemUnderAudit,
  { hasPaymentMessages = false }: Expectations,
): Promise<Problem[]> {
  const fee = hasPaymentMessages ? FEE : '0';
  const rows = await rowsOf<Row>(
    system.order,
    `with ledger as (${sums}),
      taken as (select left(c.key, 36) as id, sum(c.amount) as amount, sum(${fee}) as fee from sandbox_charge c
        where c.status = 'captured' group by 1),
      given as (select left(charge_key, 36) as id, sum(amount) as amount from sandbox_refund group by 1),
      said as (
        select o.id, a.account, a.ledger, a.expected from orders o
          left join ledger l on l.order_id = o.id left join taken t on t.id = o.id::text left join given g on g.id = o.id::text,
          lateral (values
            ('captured', l.captured, o.captured::numeric),
            ('booked to go back', l.booked, o.refunded),
            ('given back', l.made, g.amount),
            ('kept as a fee', l.fee, t.fee),
            ('promised', l.promised, case when o.status = 'authorized' then o.amount else 0 end),
            ('at the provider', l.balance, coalesce(t.amount, 0) - coalesce(g.amount, 0) - coalesce(t.fee, 0))
          ) as a(account, ledger, expected))
    select id, account, coalesce(ledger, 0)::bigint as ledger, coalesce(expected, 0)::bigint as expected from said
      where coalesce(ledger, 0) <> coalesce(expected, 0)`,
  );
  return problems('mismatched', rows, ({ id, account, ledger, expected }) => [
    id,
    `order ${id}: ${ledger} ${account} by the ledger, and ${expected} in truth`,
  ]);
}
