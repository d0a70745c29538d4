import { uuidv7 } from '@tradepost/postgres/uuid';
import { insertSuppression, type SuppressionReason } from '../store/suppressions.ts';
import type { Context } from './context.ts';

/** Nothing is sent to this address from now on. `detail` says why, in codes. */
export async function suppressAddress(
  { pool, now }: Context,
  address: string,
  reason: SuppressionReason,
  detail: string = reason,
): Promise<void> {
  await insertSuppression(pool, { id: uuidv7(), address, reason, detail, createdAt: now() });
}
