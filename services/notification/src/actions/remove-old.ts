import { removeMails } from '../store/mails.ts';
import { forgetSettledOrders } from '../store/settled-orders.ts';
import type { Context } from './context.ts';

const DAY_MS = 24 * 3_600_000;
const PIECE = 1_000;

/** Removes what is older than this, a piece at a time so that locks are short, and returns how much. */
export async function removeOldMails({ pool, now }: Context, days: number): Promise<number> {
  const before = new Date(now().getTime() - days * DAY_MS);
  return (await removeMails(pool, before, PIECE)) + (await forgetSettledOrders(pool, before, PIECE));
}
