import type { EventData } from '@tradepost/contracts/events';
import { sql, type Tx } from '@tradepost/postgres/db';

type AccountStatus = EventData<'account.status-changed.v1'>;

/** True of a row `s` of `seller_status` (or of none, by a left join) whose account may not sell now. */
export const isSuspended = `(s.seller_id is not null and not (s.has_role and (not s.banned or coalesce(s.banned_until <= now(), false))))`;

const save = sql(
  'seller-status.save',
  `insert into seller_status as s (seller_id, version, has_role, banned, banned_until)
    select * from unnest($1::uuid[], $2::int[], $3::boolean[], $4::boolean[], $5::timestamptz[])
    on conflict (seller_id) do update set version = excluded.version, has_role = excluded.has_role,
      banned = excluded.banned, banned_until = excluded.banned_until
    where s.version < excluded.version`,
);

/** Takes over whether accounts may sell, each unless a later version is there already. */
export async function saveSellerStatus(tx: Tx, changes: readonly AccountStatus[]): Promise<void> {
  const latest = new Map<string, AccountStatus>();
  for (const change of changes) {
    const known = latest.get(change.accountId);
    if (!known || known.version < change.version) latest.set(change.accountId, change);
  }
  // In the order of the ids, so that two batches never deadlock.
  const rows = [...latest.values()].sort((a, b) => (a.accountId < b.accountId ? -1 : 1));
  await tx.query(
    save([
      rows.map(({ accountId }) => accountId),
      rows.map(({ version }) => version),
      rows.map(({ role }) => role !== 'customer'),
      rows.map(({ banned }) => banned),
      rows.map(({ bannedUntil }) => bannedUntil ?? null),
    ]),
  );
}
