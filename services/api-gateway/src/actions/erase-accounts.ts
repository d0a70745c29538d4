import { newEvent, outbox } from '@tradepost/postgres/outbox';
import type { Pool } from '@tradepost/postgres/pool';
import { eraseAuditEntries, eraseOldClients, takeUnconfirmed } from '../store/erased-accounts.ts';

const BATCH = 1_000;
const DAY_MS = 86_400_000;

/** How long entries are kept, and how long they say where a request came from. */
export type AuditRetention = { days: number; addressDays: number };

/**
 * One round of the task: removes address and browser from entries of the audit trail of accounts that were erased, and confirms once none is
 * left. Who changed what stays, by the id of the account, as long as other entries. Returns how much was done. Entries of all others lose
 * address and browser when they are older than `addressDays`.
 */
export async function eraseAccountEntries(pool: Pool, { days, addressDays }: AuditRetention): Promise<number> {
  const before = new Date(Date.now() - addressDays * DAY_MS);
  const old = await eraseOldClients(pool, before, BATCH);
  const erased = await eraseAuditEntries(pool, BATCH);
  if (erased === BATCH) return erased;
  return pool.transaction(async (tx) => {
    const due = await takeUnconfirmed(tx);
    const completeAfter = new Date(Date.now() + days * DAY_MS).toISOString();
    await outbox.add(
      tx,
      due.map(({ accountId, erasureId, version }) =>
        newEvent({
          ...{ source: 'api-gateway', type: 'account.erasure-confirmed.v1', subject: accountId },
          data: { erasureId, accountId, service: 'api-gateway', kept: ['audit_entries'], completeAfter, version },
        }),
      ),
    );
    return old + erased + due.length;
  });
}
