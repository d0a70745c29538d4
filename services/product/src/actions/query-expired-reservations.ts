import { newEvent, outbox } from '@tradepost/postgres/outbox';
import { claimExpiredReservations } from '../store/reservations.ts';
import { type Context, SOURCE } from './context.ts';

const BATCH = 100;

/**
 * Asks `order` about reservations that are past their time, again and again until it answers. Nothing is freed here:
 * only `order` knows whether an order was paid at the last moment. Returns how many it has asked about.
 */
export function queryExpiredReservations(ctx: Context): Promise<number> {
  return ctx.pool.transaction(async (tx) => {
    const expired = await claimExpiredReservations(tx, ctx.now(), BATCH);
    const events = expired.map(({ orderId, expiresAt }) =>
      newEvent({
        source: SOURCE,
        type: 'stock.reservation-expired.v1',
        subject: orderId,
        data: { orderId, expiredAt: expiresAt.toISOString() },
      }),
    );
    await outbox.add(tx, events);
    return expired.length;
  });
}
