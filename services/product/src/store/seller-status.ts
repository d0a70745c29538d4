import type { EventData } from '@tradepost/contracts/events';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';

export type AccountStatus = EventData<'account.status-changed.v1'> & { /** When it was changed. */ at: Date };

// The locks are PostgreSQL's advisory locks, one for each seller. Whoever writes products holds the shared kind while it reads whether
// their seller may sell and until it commits; whoever changes that holds the exclusive kind. So each product is either written with
// the new status of its seller, or is there to be found by the task that follows the change.
const lockKeys = "select hashtextextended('seller ' || id, 0) as key from unnest($1::text[]) as id order by key";
const lockShared = sql('seller-status.lock-shared', `select pg_advisory_xact_lock_shared(key) from (${lockKeys}) as k`);
const lock = sql('seller-status.lock', `select pg_advisory_xact_lock(key) from (${lockKeys}) as k`);
const readSuspended = sql(
  'seller-status.suspended',
  'select seller_id from seller_status where seller_id = any($1::uuid[]) and suspended',
);

/** Which of these sellers may not sell. That stays so until the transaction ends. */
export async function lockSuspendedSellers(tx: Tx, sellerIds: readonly string[]): Promise<Set<string>> {
  const ids = [...new Set(sellerIds)];
  await tx.query(lockShared([ids]));
  const { rows } = await tx.query<{ seller_id: string }>(readSuspended([ids]));
  return new Set(rows.map((row) => row.seller_id));
}

const save = sql(
  'seller-status.save',
  `with saved as (
      insert into seller_status as s (seller_id, version, has_role, banned, banned_until, suspended_since)
        select id, version, has_role, banned, until, case when banned or not has_role then at end
        from unnest($1::uuid[], $2::int[], $3::boolean[], $4::boolean[], $5::timestamptz[], $6::timestamptz[])
          as t(id, version, has_role, banned, until, at)
        on conflict (seller_id) do update set version = excluded.version, has_role = excluded.has_role,
          banned = excluded.banned, banned_until = excluded.banned_until,
          suspended_since = case when excluded.suspended_since is not null
            then coalesce(s.suspended_since, excluded.suspended_since) end
        where s.version < excluded.version
        returning seller_id)
    insert into seller_status_change (seller_id) select seller_id from saved`,
);

/** Takes over whether accounts may sell, each unless a later version is there already. At most one change for each account. */
export async function saveSellerStatus(tx: Tx, changes: readonly AccountStatus[]): Promise<void> {
  await tx.query(lock([changes.map(({ accountId }) => accountId)]));
  await tx.query(
    save([
      changes.map(({ accountId }) => accountId),
      changes.map(({ version }) => version),
      changes.map(({ role }) => role !== 'customer'),
      changes.map(({ banned }) => banned),
      changes.map(({ bannedUntil }) => bannedUntil ?? null),
      changes.map(({ at }) => at),
    ]),
  );
}

const ending = sql(
  'seller-status.ending-bans',
  'select seller_id from seller_status where banned and banned_until <= $1 limit $2',
);
const endBans = sql(
  'seller-status.end-bans',
  `with ended as (
      update seller_status set banned = false, banned_until = null,
          suspended_since = case when has_role then null else suspended_since end
        where seller_id = any($1::uuid[]) and banned and banned_until <= $2 returning seller_id)
    insert into seller_status_change (seller_id) select seller_id from ended`,
);

/** Ends bans whose time is over, at most `limit`, and returns how many. */
export async function endOverdueBans(tx: Tx, now: Date, limit: number): Promise<number> {
  const { rows } = await tx.query<{ seller_id: string }>(ending([now, limit]));
  if (rows.length === 0) return 0;
  const ids = rows.map((row) => row.seller_id);
  await tx.query(lock([ids]));
  const { rowCount } = await tx.query(endBans([ids, now]));
  return rowCount;
}

const hidden = sql(
  'seller-status.hidden',
  `select distinct seller_id from seller_status_change join seller_status using (seller_id) where suspended`,
);

/** The sellers who may not sell and of whom some products are still marked as active. */
export async function sellersToHide(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ seller_id: string }>(hidden([]));
  return rows.map((row) => row.seller_id);
}

export type StatusChange = { id: number; sellerId: string; doneTo: string; suspended: boolean };

const next = sql(
  'seller-status-change.next',
  `select c.id, c.seller_id as "sellerId", c.done_to as "doneTo"
    from seller_status_change c
    where not exists (select from seller_status_change later where later.seller_id = c.seller_id and later.id > c.id)
    order by c.id limit 1 for update of c skip locked`,
);
const statusOf = sql('seller-status.of-seller', 'select suspended from seller_status where seller_id = $1');

/**
 * The oldest change that is not done to the products of its seller, the latest one where a seller has several; locked until the
 * transaction ends. One that another instance is working on is left to it.
 */
export async function claimStatusChange(tx: Tx): Promise<StatusChange | undefined> {
  const { rows } = await tx.query<Omit<StatusChange, 'suspended'>>(next([]));
  const [change] = rows;
  if (!change) return undefined;
  const status = await tx.query<{ suspended: boolean }>(statusOf([change.sellerId]));
  return { ...change, suspended: status.rows[0]?.suspended ?? false };
}

const mark = sql(
  'product.mark-suspended',
  `with next as (
      select id from product where seller_id = $1 and id > $2 and status = $3 order by id limit $5 for no key update)
    update product p set status = $4 from next where p.id = next.id and p.status = $3 returning p.id, p.categories`,
);

/**
 * Marks the next products of a seller as suspended, or as active again, and returns them. Their version stays as it is: it is of what
 * the seller writes.
 */
export async function markProducts(
  tx: Tx,
  { sellerId, doneTo, suspended }: StatusChange,
  limit: number,
): Promise<{ id: string; categories: string[] }[]> {
  const [from, to] = suspended ? ['active', 'suspended'] : ['suspended', 'active'];
  const { rows } = await tx.query<{ id: string; categories: string[] }>(mark([sellerId, doneTo, from, to, limit]));
  return rows;
}

const progress = sql('seller-status-change.progress', 'update seller_status_change set done_to = $2 where id = $1');
const finish = sql('seller-status-change.finish', 'delete from seller_status_change where seller_id = $1 and id <= $2');

/** Notes how far a change is done; null: to the end, which settles the earlier changes of this seller too. */
export async function saveStatusChange(tx: Tx, change: StatusChange, doneTo: string | null): Promise<void> {
  await tx.query(doneTo === null ? finish([change.sellerId, change.id]) : progress([change.id, doneTo]));
}
