import { topology } from '@tradepost/contracts/topology';
import { numberOf, type Problem, problems, rowsOf, type SystemUnderAudit } from './system-under-audit.ts';

/** Every order has the steps of its timeline once, without a gap, and the last of them is where it stands. */
export async function timelines(system: SystemUnderAudit): Promise<Problem[]> {
  const gaps = await rowsOf<{ id: string; version: number; steps: number }>(
    system.order,
    `select o.id, o.version, count(e.*)::int as steps from orders o left join order_event e on e.order_id = o.id
      group by o.id having count(e.*) <> o.version or max(e.version) <> o.version`,
  );
  const twice = await rowsOf<{ id: string; type: string }>(
    system.order,
    `select order_id as id, type from order_event where type not in ('lines_fulfilled', 'goods_returned', 'refund_booked')
        -- Each try to pay may go through these.
        and type not in ('payment_declined', 'payment_retried', 'payment_requires_action')
      group by order_id, type having count(*) > 1`,
  );
  const apart = await rowsOf<{ id: string }>(
    system.order,
    `select o.id from orders o join order_event e on e.order_id = o.id and e.version = o.version where e.status <> o.status`,
  );
  return [
    ...problems('mismatched', gaps, (o) => [o.id, `order ${o.id} is at version ${o.version} after ${o.steps} steps`]),
    ...problems('doubled', twice, ({ id, type }) => [id, `order ${id} went through ${type} more than once`]),
    ...problems('mismatched', apart, ({ id }) => [id, `order ${id} is not where its timeline ends`]),
  ];
}

/** What a step of the timeline is published as. */
const announcements = `case
    when type = 'placed' then 'order.placed.v1'
    when type in ('payment_requires_action', 'payment_declined') and status = 'awaiting_payment' then 'order.payment-needed.v1'
    when type = 'delivered' then 'order.delivered.v1'
    when type = 'lines_fulfilled' then 'order.fulfilled.v1'
    when type = 'goods_returned' then 'order.returned.v1'
    when type = 'refund_booked' then 'order.refunded.v1'
    when status = 'rejected' then 'order.rejected.v1'
    when status = 'cancelled' and before <> 'cancelled' then 'order.cancelled.v1'
    when status in ('authorized', 'confirmed') and before in ('reserved', 'awaiting_payment') then 'order.confirmed.v1' end`;

const stepsWithBefore = `(select *, lag(status, 1, '') over (partition by order_id order by version) as before from order_event) as step`;

/** Every step that others are to hear of was published, as one event: none was lost, and none was made up. */
export async function announcedOnce(system: SystemUnderAudit): Promise<Problem[]> {
  if (!system.events) return [];
  const steps = await rowsOf<{ id: string; event: string; n: number }>(
    system.order,
    `select order_id as id, ${announcements} as event, count(*)::int as n from ${stepsWithBefore} where ${announcements} is not null
      group by 1, 2`,
  );
  const retries = await rowsOf<{ id: string; nudges: number }>(
    system.order,
    'select id, nudges from orders where nudges > 0',
  );
  const again = new Map(retries.map((row) => [row.id, row.nudges]));
  const published = count(system, (type) => type.startsWith('order.'));
  const found: Problem[] = [];
  for (const { id, event, n } of steps) {
    const times = published.get(`${event} ${id}`) ?? 0;
    published.delete(`${event} ${id}`);
    // An order that got no answer is announced again, on purpose.
    const most = n + (event === 'order.placed.v1' ? (again.get(id) ?? 0) : 0);
    if (times < n) found.push({ kind: 'lost', subject: id, what: `order ${id}: ${event} was never published` });
    if (times > most)
      found.push({ kind: 'doubled', subject: id, what: `order ${id}: ${event} was published as ${times} events` });
  }
  for (const key of published.keys()) {
    found.push({ kind: 'mismatched', subject: key, what: `${key} was published, and never happened` });
  }
  return found;
}

/** No event was acted upon twice: `product` answers every order once for each time that it was asked. */
export async function answeredOnce(system: SystemUnderAudit): Promise<Problem[]> {
  if (!system.events) return [];
  const asked = count(system, (type) => type === 'order.placed.v1');
  const answered = new Map<string, number>();
  for (const { type, subject } of system.events.recorded.values()) {
    if (type === 'stock.reserved.v1' || type === 'stock.rejected.v1')
      answered.set(subject, (answered.get(subject) ?? 0) + 1);
  }
  const found: [string, string][] = [];
  for (const [id, n] of answered) {
    const times = asked.get(`order.placed.v1 ${id}`) ?? 0;
    if (n > times) found.push([id, `order ${id} was asked about ${times} times, and answered ${n} times`]);
  }
  return problems('doubled', found, (one) => one);
}

/** How many different events there were, by type and subject. */
function count(system: SystemUnderAudit, isWanted: (type: string) => boolean): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { type, subject } of system.events?.recorded.values() ?? []) {
    if (isWanted(type)) counts.set(`${type} ${subject}`, (counts.get(`${type} ${subject}`) ?? 0) + 1);
  }
  return counts;
}

/** Everything that was published has been handled by everybody whom it was for. */
export async function allHandled(system: SystemUnderAudit): Promise<Problem[]> {
  const found: Problem[] = [];
  for (const [service, { queue = [] }] of Object.entries(topology)) {
    const pool = system.databases.get(service);
    if (!system.events || !pool || queue.length === 0) continue;
    const types = new Set<string>(queue);
    const ids = [...system.events.recorded].filter(([, { type }]) => types.has(type)).map(([id]) => id);
    const rows = await rowsOf<{ id: string }>(
      pool,
      'select id from unnest($1::uuid[]) as t(id) where not exists (select from inbox where event_id = id)',
      [ids],
    );
    for (const { id } of rows) {
      const { type = 'event', subject = id } = system.events.recorded.get(id) ?? {};
      found.push({ kind: 'lost', subject, what: `${service} never handled ${type} ${id}` });
    }
  }
  return found;
}

type Dead = { id: string; type: string; error: string };

/** Nothing is left to be published, to be handled, or for an operator to look at. */
export async function nothingLeft(system: SystemUnderAudit): Promise<Problem[]> {
  const found: [string, string][] = [];
  for (const [service, pool] of system.databases) {
    const waiting = await numberOf(pool, 'select count(*) from outbox');
    if (waiting > 0) found.push([service, `${waiting} events wait in the outbox of ${service}`]);
    const dead = await rowsOf<Dead>(pool, 'select event_id as id, type, error from dead_letter');
    for (const { id, type, error } of dead) found.push([id, `${service} gave up on ${type}: ${error.split('\n')[0]}`]);
  }
  for (const [queue, depth] of (await system.events?.depths()) ?? []) {
    if (depth > 0) found.push([queue, `${depth} messages wait in the queue ${queue}`]);
  }
  return problems('lost', found, (one) => one);
}

/** The copy of the catalogue that orders are priced from is the catalogue. */
export async function copyIsTrue(system: SystemUnderAudit): Promise<Problem[]> {
  const columns =
    'sku, product_id, seller_id, amount, currency, for_sale, price_version, product_version, tax_class, digital, categories, weight_grams';
  const copy = await rowsOf<{ row: string }>(
    system.order,
    `select (${columns})::text as row from sellable_variant order by sku collate "C"`,
  );
  const source = await rowsOf<{ row: string }>(
    system.product,
    `select (v.sku, p.id, p.seller_id, v.amount, p.currency, v.status = 'active' and p.status = 'active', v.price_version,
        p.version, p.tax_class, p.digital, p.categories, coalesce(v.weight_grams, 0))::text as row from variant v join product p on p.id = v.product_id order by v.sku`,
  );
  const [copied, original] = [copy, source].map((rows) => new Set(rows.map(({ row }) => row)));
  const onlyIn = (one: ReadonlySet<string> = new Set(), other: ReadonlySet<string> = new Set()) =>
    [...one].filter((row) => !other.has(row));
  return [
    ...problems('mismatched', onlyIn(copied, original), (row) => [row, `the copy has ${row}, the catalogue not`]),
    ...problems('mismatched', onlyIn(original, copied), (row) => [row, `the catalogue has ${row}, the copy not`]),
  ];
}
