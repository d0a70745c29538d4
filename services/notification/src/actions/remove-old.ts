import { removeMails } from '../store/mails.ts';
import { forgetSettledOrders } from '../store/settled-orders.ts';
import { removeOldSuppressions } from '../store/suppressions.ts';
import type { Context } from './context.ts';

const DAY_MS = 24 * 3_600_000;
const PIECE = 1_000;

/** Removes what is older than this, a piece at a time so that locks are short, and returns how much. */
export async function removeOldMails(
  { pool, now }: Context,
  { mailDays, suppressionDays }: { mailDays: number; suppressionDays: number },
): Promise<number> {
  const ago = (days: number) => new Date(now().getTime() - days * DAY_MS);
  const mails = await removeMails(pool, ago(mailDays), PIECE);
  const orders = await forgetSettledOrders(pool, ago(mailDays), PIECE);
  return mails + orders + (await removeOldSuppressions(pool, ago(suppressionDays), PIECE));
}
