import { type OrderStatus, orderStatuses } from '@tradepost/contracts/order-status';
import { type TimeWindow, timeWindow } from '@tradepost/runtime/time-window';
import { unsettledOrdersOf } from '../store/orders.ts';
import { countPlaced, type PlacedInStep } from '../store/statistics.ts';
import type { Context } from './context.ts';

/** What was sold lately, in steps of time. */
export type Statistics = {
  window: TimeWindow;
  /** Orders by the time of placing. */
  placed: number[];
  /** What was taken for them and not given back, in minor units, by currency. */
  taken: { currency: string; amounts: number[] }[];
  /** The same orders by where they have come to. */
  byStatus: { status: OrderStatus; count: number }[];
  /** All orders that are still to be decided, however old. */
  open: { status: OrderStatus; count: number; oldestSeconds: number }[];
};

export async function readStatistics({ pool, now }: Context, minutes: number): Promise<Statistics> {
  const window = timeWindow(minutes, now());
  const [counted, open] = await Promise.all([
    countPlaced(pool, window.from, window.stepSeconds),
    unsettledOrdersOf(pool),
  ]);
  const within = counted.filter(({ step }) => step < window.steps);
  const currencies = [...new Set(within.map(({ currency }) => currency))].sort();
  return {
    window,
    placed: perStep(window, within, ({ orders }) => orders),
    taken: currencies.map((currency) => ({
      currency,
      amounts: perStep(window, within, (one) => (one.currency === currency ? one.taken : 0)),
    })),
    byStatus: orderStatuses.map((status) => ({
      status,
      count: within.reduce((sum, one) => (one.status === status ? sum + one.orders : sum), 0),
    })),
    open,
  };
}

function perStep(
  { steps }: TimeWindow,
  counted: readonly PlacedInStep[],
  amount: (one: PlacedInStep) => number,
): number[] {
  const sums = new Array<number>(steps).fill(0);
  for (const one of counted) sums[one.step] = (sums[one.step] ?? 0) + amount(one);
  return sums;
}
