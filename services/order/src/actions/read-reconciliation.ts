import type { Db } from '@tradepost/postgres/db';
import { accountBalances, findImbalances, type Imbalance } from '../store/ledger.ts';
import { openDifferences, type PaymentDifference, resolveDifference } from '../store/payment-differences.ts';
import { reconciledUntil } from '../store/reconciliation.ts';
import type { Context } from './context.ts';

const MAX_ITEMS = 100;

export type Reconciliation = {
  checkedAt: Date | null;
  accounts: { account: string; currency: string; balance: number }[];
  imbalances: Imbalance[];
  differences: PaymentDifference[];
};

/** The state of the ledger. It reads all of it: for a person who asks, not for a timer. */
export async function readReconciliation(db: Db): Promise<Reconciliation> {
  const [{ checkedAt }, accounts, imbalances, differences] = await Promise.all([
    reconciledUntil(db),
    accountBalances(db),
    findImbalances(db, MAX_ITEMS),
    openDifferences(db, MAX_ITEMS),
  ]);
  return { checkedAt, accounts, imbalances, differences };
}

/** False where there is no such difference. */
export const resolveReportedDifference = (ctx: Context, id: string, accountId: string): Promise<boolean> =>
  resolveDifference(ctx.pool, id, accountId, ctx.now());
