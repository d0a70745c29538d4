import { type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

const IS_LIMITED = '(p.limit_total is not null or p.limit_per_customer is not null or p.first_order)';

/** Orders that are unsettled or were paid, with each limited promotion among their adjustments: these have a use of it. */
const entitled = `(
  select distinct o.id as order_id, p.id as promotion_id, o.customer_id, o.guest_email
    from orders o, jsonb_to_recordset(o.adjustments) as a(type text, "sourceId" text), promotion p
    where a.type = 'promotion' and p.id::text = a."sourceId" and ${IS_LIMITED}
      and not (o.status in ('rejected', 'cancelled') and o.captured = 0))`;

/**
 * The uses of limited promotions are those of orders that are unsettled or were paid; an order that ended unpaid has given its own
 * back. No promotion is used more often than it may be, in all or by one customer.
 */
export async function promotionUses({ order }: SystemUnderAudit): Promise<Problem[]> {
  const apart = await rowsOf<{ orderId: string; name: string; isUsed: boolean }>(
    order,
    `select order_id as "orderId", p.name, u.promotion_id is not null as "isUsed"
      from ${entitled} e full join promotion_use u using (order_id, promotion_id) join promotion p on p.id = promotion_id
      where e.promotion_id is null or u.promotion_id is null
        -- An account that claims the order of a guest has not used it itself.
        or (u.customer_id <> e.customer_id and e.guest_email is null)`,
  );
  const counts = await rowsOf<{ id: string; name: string; used: number; uses: number; most: number | null }>(
    order,
    `select p.id, p.name, p.used, count(u.*)::int as uses, p.limit_total as most
      from promotion p left join promotion_use u on u.promotion_id = p.id group by p.id
      having p.used <> count(u.*) or count(u.*) > p.limit_total`,
  );
  const byCustomer = await rowsOf<{ customer: string; name: string; uses: number }>(
    order,
    `select u.customer_id as customer, p.name, count(*)::int as uses from promotion_use u join promotion p on p.id = u.promotion_id
      group by 1, p.id having count(*) > case when p.first_order then 1 else p.limit_per_customer end`,
  );
  return [
    ...problems('mismatched', apart, ({ orderId, name, isUsed }) => [
      orderId,
      `order ${orderId} ${isUsed ? 'has a use' : 'has no use'} of ${name}, against what became of it`,
    ]),
    ...counts.map(({ id, name, used, uses, most }): Problem => {
      const isOverLimit = most !== null && uses > most;
      const what = `${name}: ${uses} orders use it, ${used} are counted, ${most ?? 'any number'} may`;
      return { kind: isOverLimit ? 'oversold' : 'mismatched', subject: id, what };
    }),
    ...problems('oversold', byCustomer, ({ customer, name, uses }) => [
      customer,
      `customer ${customer} has used ${name} ${uses} times`,
    ]),
  ];
}
