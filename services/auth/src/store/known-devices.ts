import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** More than one person uses; the least recently used one is forgotten. */
const MAX_DEVICES = 20;

const touch = sql(
  'known-device.touch',
  'update known_device set last_used_at = now() where account_id = $1 and device_hash = $2',
);

/** Notes that a device was used; false if the account does not know it. */
export async function touchDevice(db: Db, accountId: string, deviceHash: string): Promise<boolean> {
  const { rowCount } = await db.query(touch([accountId, deviceHash]));
  return rowCount === 1;
}

/**
 * `known` counts the devices before this one: a statement does not see its own inserts. The account is locked first, so that of one that
 * is being erased no device is added.
 */
const insert = sql(
  'known-device.insert',
  `with account as materialized (
     select id from user_account where id = $1 for key share
   ), added as (
     insert into known_device (account_id, device_hash) select id, $2 from account on conflict do nothing returning 1
   )
   select (select count(*) from added) as added, (select count(*) from known_device where account_id = $1) as known`,
);
const forget = sql(
  'known-device.forget',
  `delete from known_device where account_id = $1 and device_hash in (
     select device_hash from known_device where account_id = $1 order by last_used_at desc offset ${MAX_DEVICES}
   )`,
);

/** Adds a device. `first`: the account had none; `none`: another request has just added it, or the account is erased. */
export async function addDevice(tx: Tx, accountId: string, deviceHash: string): Promise<'first' | 'new' | 'none'> {
  const { rows } = await tx.query<{ added: number; known: number }>(insert([accountId, deviceHash]));
  const { added = 0, known = 0 } = rows[0] ?? {};
  if (added === 0) return 'none';
  if (known >= MAX_DEVICES) await tx.query(forget([accountId]));
  return known === 0 ? 'first' : 'new';
}

const removeUnused = sql(
  'known-device.remove-unused',
  `delete from known_device where (account_id, device_hash) in (
     select account_id, device_hash from known_device where last_used_at < now() - make_interval(days => $1)
     order by last_used_at limit $2 for update skip locked
   )`,
);

/** Forgets devices that were not used for `days`, at most `limit`, and returns how many. */
export async function removeUnusedDevices(db: Db, days: number, limit: number): Promise<number> {
  return (await db.query(removeUnused([days, limit]))).rowCount;
}
