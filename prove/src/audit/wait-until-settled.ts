import { setTimeout as sleep } from 'node:timers/promises';
import { numberOf, type SystemUnderAudit } from './system-under-audit.ts';

const LOOK_EVERY_MS = 250;

/** How much is still to be done: orders to decide, refunds to give, messages about payments, invoices
 * and credit notes to issue, stock that is held, events,
 * messages and mails that wait. */
async function leftToDo(system: SystemUnderAudit): Promise<number> {
  const orders = `select (select count(*) from orders where due_at is not null)
    + (select count(*) from sandbox_message)
    + (select count(*) from orders where invoicing = 'wanted' and captured > 0)
    + (select count(*) from orders where invoicing = 'issued' and (refunded > credited or (captured = 0 and reason is not null)))
    + (select count(*) from refund where status = 'pending')`;
  const counts = [
    numberOf(system.order, orders),
    numberOf(system.product, `select count(*) from reservation where status = 'held'`),
    ...[...system.databases.values()].map((pool) => numberOf(pool, 'select count(*) from outbox')),
  ];
  const mails = system.databases.get('notification');
  if (mails) counts.push(numberOf(mails, `select count(*) from mail where status in ('due', 'sending')`));
  const waiting = system.events?.depths() ?? new Map<string, number>();
  const [depths, ...found] = await Promise.all([waiting, ...counts]);
  return [...found, ...depths.values()].reduce((sum, n) => sum + n, 0);
}

/**
 * Waits until nothing is left to do. Gives up when nothing has got less for `patienceMs`, or after `timeoutMs`; answers what
 * is left then, for the audit to tell what it is.
 */
export async function waitUntilSettled(
  system: SystemUnderAudit,
  o: { patienceMs: number; timeoutMs: number },
): Promise<number> {
  const deadline = performance.now() + o.timeoutMs;
  let least = Number.POSITIVE_INFINITY;
  let giveUpAt = performance.now() + o.patienceMs;
  for (;;) {
    // A database may just be coming back.
    const left = await leftToDo(system).catch(() => Number.POSITIVE_INFINITY);
    if (left === 0) return 0;
    if (left < least) giveUpAt = performance.now() + o.patienceMs;
    least = Math.min(least, left);
    if (performance.now() > Math.min(giveUpAt, deadline)) return left;
    await sleep(LOOK_EVERY_MS);
  }
}
