import type { KeptData } from '@tradepost/contracts/erasure';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';

export type ErasedAccount = { accountId: string; erasureId: string };

// In the order of ids, so that two handlers wait for one another instead of deadlocking. Whatever else is locked comes after these rows.
const insert = sql(
  'erased-account.insert',
  `insert into erased_account as a (account_id, erasure_id, erased_at)
    select account_id, erasure_id, $3 from unnest($1::uuid[], $2::uuid[]) as t(account_id, erasure_id) order by account_id
    on conflict (account_id) do update set is_unconfirmed = true, erasure_id = excluded.erasure_id, erased_at = excluded.erased_at`,
);

/** Notes that accounts were erased, and locks the notes. Of one that is noted already a new confirmation is due. */
export async function insertErasedAccounts(tx: Tx, accounts: readonly ErasedAccount[], now: Date): Promise<void> {
  const ids = accounts.map(({ accountId }) => accountId);
  await tx.query(insert([ids, accounts.map(({ erasureId }) => erasureId), now]));
}

const recent = sql(
  'erased-account.recent',
  `select account_id from erased_account where erased_at > $1::timestamptz - interval '2 hours'
    order by account_id limit 500 for update skip locked`,
);

/** Accounts that were erased in the last two hours, locked: an access token from before lives an hour at most. */
export async function lockRecentlyErased(tx: Tx, now: Date): Promise<string[]> {
  const { rows } = await tx.query<{ account_id: string }>(recent([now]));
  return rows.map((row) => row.account_id);
}

const unconfirm = sql(
  'erased-account.unconfirm',
  `with locked as (select account_id from erased_account where account_id = any($1::uuid[]) order by account_id for update)
    update erased_account a set is_unconfirmed = true from locked l where l.account_id = a.account_id`,
);

/** Makes a new confirmation due, and locks the notes. */
export async function requireConfirmation(tx: Tx, accountIds: readonly string[]): Promise<void> {
  if (accountIds.length > 0) await tx.query(unconfirm([accountIds]));
}

// A row that was skipped because it is locked is found by the next round.
const take = sql(
  'erased-account.take-unconfirmed',
  `update erased_account a set is_unconfirmed = false, version = version + 1
    where account_id in (
      select e.account_id from erased_account e where e.is_unconfirmed and not exists (
          select from orders o join order_erasure d on d.order_id = o.id where o.customer_id = e.account_id and d.due_at <= $1)
        order by e.account_id limit 50 for update skip locked)
    returning account_id, erasure_id, version,
      exists (select from orders o join order_erasure d on d.order_id = o.id where o.customer_id = a.account_id) as has_open,
      (select max(o.created_at) from orders o where o.customer_id = a.account_id and o.personal_data = 'books') as last_books`,
);

export type DueConfirmation = ErasedAccount & { version: number; kept: KeptData[]; lastBooks: Date | null };

/** Takes erasures of which nothing is under way, and tells what is kept of each. */
export async function takeUnconfirmed(tx: Tx, now: Date): Promise<DueConfirmation[]> {
  const { rows } = await tx.query<{
    account_id: string;
    erasure_id: string;
    version: number;
    has_open: boolean;
    last_books: Date | null;
  }>(take([now]));
  return rows.map((row) => ({
    ...{ accountId: row.account_id, erasureId: row.erasure_id, version: row.version, lastBooks: row.last_books },
    kept: [...(row.has_open ? (['open_orders'] as const) : []), ...(row.last_books ? (['books'] as const) : [])],
  }));
}

const removeAddresses = sql(
  'erased-account.addresses',
  'delete from saved_address where customer_id = any($1::uuid[])',
);
const removeCarts = sql(
  'erased-account.carts',
  `delete from cart where id in (
    select id from cart where customer_id = any($1::uuid[]) and order_id is null order by id for update)`,
);

/** Removes addresses and carts of customers; returns how many. Carts of orders go with the data of the order. */
export async function removeCustomerData(tx: Tx, customerIds: readonly string[]): Promise<number> {
  const addresses = await tx.query(removeAddresses([customerIds]));
  const carts = await tx.query(removeCarts([customerIds]));
  return addresses.rowCount + carts.rowCount;
}

const unsettledSales = sql(
  'order.count-unsettled-sales',
  `select count(distinct o.id)::int as orders from order_line l join orders o on o.id = l.order_id
    where l.seller_id = $1 and (
      o.status in ('pending', 'reserved', 'awaiting_payment')
      or o.status in ('authorized', 'confirmed') and l.fulfilled + l.withdrawn < l.quantity
      or exists (select from refund r where r.order_id = o.id and r.status = 'pending'))`,
);

/** How many orders hold goods of a seller that are to be sent, or money that is to be given back. */
export async function countUnsettledSales(db: Db, sellerId: string): Promise<number> {
  const { rows } = await db.query<{ orders: number }>(unsettledSales([sellerId]));
  return rows[0]?.orders ?? 0;
}
