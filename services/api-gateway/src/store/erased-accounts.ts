import { type Db, sql, type Tx } from '@tradepost/postgres/db';

const insert = sql(
  'erased-account.insert',
  `insert into erased_account as a (account_id, erasure_id) values ($1, $2)
    on conflict (account_id) do update set is_unconfirmed = true`,
);

/** Notes that an account was erased. Of one that is noted already a new confirmation is due. */
export async function insertErasedAccount(tx: Tx, accountId: string, erasureId: string): Promise<void> {
  await tx.query(insert([accountId, erasureId]));
}

const erase = sql(
  'erased-account.erase-entries',
  `update audit_entry set address = null, user_agent = null where id in (
    select e.id from erased_account a join audit_entry e on e.account_id = a.account_id
      where (a.is_unconfirmed or a.erased_at > now() - interval '2 hours') and (e.address is not null or e.user_agent is not null)
      limit $1)`,
);

/**
 * Removes address and browser from entries of accounts that were erased, at most `limit`, and returns how many. For two hours after an
 * erasure it finds what comes late: entries wait in the memory of an instance, and an access token lives an hour.
 */
export async function eraseAuditEntries(db: Db, limit: number): Promise<number> {
  return (await db.query(erase([limit]))).rowCount;
}

const eraseOld = sql(
  'erased-account.erase-old-clients',
  `update audit_entry set address = null, user_agent = null where id in (
    select id from audit_entry where at < $1 and (address is not null or user_agent is not null) order by at limit $2)`,
);

/**
 * Removes address and browser from entries from before `before`, at most `limit`, and returns how many. It is also what becomes of requests
 * whose account the gateway does not know, as sign-ins are.
 */
export async function eraseOldClients(db: Db, before: Date, limit: number): Promise<number> {
  return (await db.query(eraseOld([before, limit]))).rowCount;
}

const take = sql(
  'erased-account.take-unconfirmed',
  `update erased_account set is_unconfirmed = false, version = version + 1
    where account_id in (select account_id from erased_account where is_unconfirmed order by account_id limit 50 for update skip locked)
    returning account_id as "accountId", erasure_id as "erasureId", version`,
);

/** Takes the erasures that are to be confirmed. */
export async function takeUnconfirmed(tx: Tx): Promise<{ accountId: string; erasureId: string; version: number }[]> {
  return (await tx.query<{ accountId: string; erasureId: string; version: number }>(take())).rows;
}
