import type { Order } from '../../api/orders.ts';
import { moneyText, Time } from '../../design/format.tsx';
import { Stat, Stats } from '../../design/layout.tsx';
import { unsentWorth, worthOf } from '../orders/units.ts';
import type { LowStockItem } from '../queries.ts';

/** So many orders to send are counted; from there on the page says that there are at least so many. */
export const COUNTED = 100;

type LowStockList = { items: readonly LowStockItem[]; nextCursor: string | null };

/** The list is short: it tells that there are more, not how many. */
const lowStockCount = ({ items, nextCursor }: LowStockList): string =>
  nextCursor ? `more than ${items.length}` : String(items.length);

/** What needs doing, in one sentence. */
export function leadOf(toSend: readonly Order[] | undefined, lowStock: LowStockList | undefined): string {
  if (!toSend || !lowStock) return 'Your products, their stock and your orders.';
  if (toSend.length === 0 && lowStock.items.length === 0) return 'No orders to send, and no low stock.';
  const sending = `${countOf(toSend)} ${toSend.length === 1 ? 'order' : 'orders'} to send`;
  const low = `${lowStockCount(lowStock)} ${lowStock.items.length === 1 ? 'variant' : 'variants'} low on stock`;
  return `${[toSend.length > 0 && sending, lowStock.items.length > 0 && low].filter(Boolean).join(', ')}.`;
}

const countOf = (orders: readonly Order[]): string =>
  orders.length >= COUNTED ? `${COUNTED} or more` : String(orders.length);

/** What needs doing, in figures. */
export function Summary({
  toSend,
  lowStock,
  latest,
}: {
  toSend: readonly Order[] | undefined;
  lowStock: LowStockList | undefined;
  latest: readonly Order[] | undefined;
}) {
  const worth = new Map<string, number>();
  for (const order of toSend ?? []) {
    const { currency } = order.total;
    worth.set(currency, (worth.get(currency) ?? 0) + unsentWorth(order));
  }
  const soldOut = lowStock?.items.filter(({ available }) => available === 0).length ?? 0;
  const newest = latest?.[0];
  return (
    <Stats label="Summary">
      <Stat label="Orders to send" value={toSend ? countOf(toSend) : '…'}>
        {[...worth].map(([currency, amount]) => moneyText({ amount, currency })).join(', ') || 'none'}
      </Stat>
      <Stat
        label="Low stock"
        value={lowStock ? lowStockCount(lowStock) : '…'}
        tone={soldOut > 0 ? 'bad' : lowStock?.items.length ? 'warn' : 'plain'}
      >
        {soldOut === 0 ? 'none sold out' : `${soldOut} sold out`}
      </Stat>
      <Stat
        label="Latest order"
        value={newest ? moneyText({ amount: worthOf(newest), currency: newest.total.currency }) : '–'}
      >
        {newest ? <Time at={newest.createdAt} /> : 'none yet'}
      </Stat>
    </Stats>
  );
}
