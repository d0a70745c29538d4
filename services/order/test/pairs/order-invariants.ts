import type { Pool } from '@tradepost/postgres/pool';
import { statusOfPaid } from '../../src/domain/fulfilment.ts';
import type { Order } from '../../src/domain/order.ts';
import type { WantedLine } from '../../src/domain/pricing.ts';
import { fulfilmentsOf } from '../../src/store/fulfilments.ts';
import { findImbalances } from '../../src/store/ledger.ts';
import { orderById } from '../../src/store/orders.ts';
import { refundsOf } from '../../src/store/refunds.ts';
import { returnsOf } from '../../src/store/returns.ts';
import { timelineAfter } from '../../src/store/timeline.ts';

/** What is wrong with a stored order, as sentences; empty when it holds together. */
export async function violationsOf(pool: Pool, orderId: string): Promise<string[]> {
  const order = await orderById(pool, orderId);
  if (!order) return ['the order is gone'];
  const [parcels, refunds, returns, timeline, events] = await Promise.all([
    fulfilmentsOf(pool, orderId),
    refundsOf(pool, orderId),
    returnsOf(pool, orderId),
    timelineAfter(pool, orderId, 0),
    eventsOf(pool, orderId),
  ]);
  const imbalances = await findImbalances(pool, 100);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const restocked = events.flatMap(({ type, data }) => (type === 'order.refunded.v1' ? (data.restock ?? []) : []));
  const refundedMoney = refunds.reduce((sum, { amount }) => sum + amount, 0);
  const rules: [string, boolean][] = [
    ...linesHold(order, {
      sent: parcels.flatMap(({ lines }) => lines),
      refunded: refunds.flatMap(({ lines }) => lines),
      returned: returns.flatMap(({ lines }) => lines),
      restocked,
    }),
    ['refunds add up to what is booked on the order', refundedMoney === order.refunded],
    ['no more money goes back than was taken', order.refunded <= order.captured],
    ['the ledger says what the order says', imbalances.every((one) => one.orderId !== orderId)],
    ['the status is a function of the lines', !isPaid(order) || order.status === statusOfPaid(order)],
    ['a cancelled order was not sent', !isCancelled(order) || parcels.length === 0],
    ['a cancelled order keeps no money', !isCancelled(order) || order.captured === order.refunded],
    ['the timeline has an entry for each version', timeline.length === order.version],
    ['each return was announced', count('order.returned.v1') === returns.length],
    ['each parcel was announced', count('order.fulfilled.v1') === parcels.length],
    [
      'it was not announced as sent and as cancelled',
      count('order.fulfilled.v1') === 0 || count('order.cancelled.v1') === 0,
    ],
  ];
  return rules.filter(([, holds]) => !holds).map(([rule]) => `${rule}: ${JSON.stringify(order)}`);
}

function linesHold(
  order: Order,
  { sent, refunded, returned, restocked }: Record<'sent' | 'refunded' | 'returned' | 'restocked', WantedLine[]>,
): [string, boolean][] {
  const units = (lines: readonly WantedLine[], sku: string) =>
    lines.reduce((sum, line) => sum + (line.sku === sku ? line.quantity : 0), 0);
  return order.lines.flatMap((line): [string, boolean][] => [
    [`${line.sku}: sent and withdrawn units are units ordered`, line.fulfilled + line.withdrawn <= line.quantity],
    [`${line.sku}: parcels hold what is counted as sent`, units(sent, line.sku) === line.fulfilled],
    [`${line.sku}: refunds hold what is counted as refunded`, units(refunded, line.sku) === line.refunded],
    [`${line.sku}: no more comes back than was sent`, line.returned <= line.fulfilled],
    [`${line.sku}: returns hold what is counted as returned`, units(returned, line.sku) === line.returned],
    [`${line.sku}: withdrawn units are back on sale`, units(restocked, line.sku) === line.withdrawn],
  ]);
}

const isCancelled = ({ status }: Order): boolean => status === 'cancelled' || status === 'rejected';
const isPaid = ({ status }: Order): boolean => ['confirmed', 'fulfilled', 'delivered', 'refunded'].includes(status);

/** `restock` is what it is in `order.refunded`. */
type PublishedEvent = { type: string; data: { restock?: WantedLine[] } };

async function eventsOf(pool: Pool, orderId: string): Promise<PublishedEvent[]> {
  const { rows } = await pool.query<{ event: PublishedEvent }>({
    name: 'test.events-of-order',
    text: `select event from outbox where event ->> 'subject' = $1`,
    values: [orderId],
  });
  return rows.map(({ event }) => event);
}
