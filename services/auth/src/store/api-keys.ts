import { isPermission, type Permission } from '@tradepost/contracts/permissions';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { type Account, type AccountRow, accountColumns, isBannedNow, toAccount } from './accounts.ts';

export type ApiKey = {
  id: string;
  name: string;
  /** Its first characters. */
  start: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  readOnly: boolean;
  /** Those of its owner's permissions that it has; null: all that its owner may do. */
  permissions: readonly Permission[] | null;
};

type Row = {
  id: string;
  name: string;
  start: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
  read_only: boolean;
  permissions: string[] | null;
};

const columns = 'k.id, k.name, k.start, k.created_at, k.expires_at, k.last_used_at, k.read_only, k.permissions';

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    start: row.start,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    readOnly: row.read_only,
    permissions: row.permissions?.filter(isPermission) ?? null,
  };
}

const insert = sql(
  'api-key.insert',
  `insert into api_key as k (id, user_id, name, key_hash, start, expires_at, read_only, permissions)
   values ($1, $2, $3, $4, $5, $6, $7, $8::text[]) returning ${columns}`,
);
const count = sql('api-key.count', 'select count(*) as count from api_key where user_id = $1');

export type NewApiKey = {
  id: string;
  accountId: string;
  name: string;
  keyHash: string;
  start: string;
  expiresAt: Date | null;
  readOnly: boolean;
  permissions: readonly Permission[] | null;
};

export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<ApiKey> {
  const { rows } = await tx.query<Row>(
    insert([
      ...[key.id, key.accountId, key.name, key.keyHash, key.start, key.expiresAt, key.readOnly],
      key.permissions && [...key.permissions],
    ]),
  );
  const [row] = rows;
  if (!row) throw new Error('An insert returned no row');
  return toApiKey(row);
}

/** How many keys an account has, the expired ones too. */
export async function countApiKeys(db: Db, accountId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(count([accountId]));
  return rows[0]?.count ?? 0;
}

const page = sql(
  'api-key.page',
  `select ${columns} from api_key k
   where k.user_id = $1 and ($2::uuid is null or k.id < $2) order by k.id desc limit $3`,
);

/** The keys of an account, newest first, after `before`. */
export async function pageOfApiKeys(
  db: Db,
  accountId: string,
  o: { before: string | undefined; limit: number },
): Promise<ApiKey[]> {
  const { rows } = await db.query<Row>(page([accountId, o.before ?? null, o.limit]));
  return rows.map(toApiKey);
}

const remove = sql('api-key.delete', 'delete from api_key where id = $1 and user_id = $2');

const ids = sql('api-key.ids', 'select id from api_key where user_id = $1');

/** The ids of all keys of an account. */
export async function apiKeyIds(db: Db, accountId: string): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(ids([accountId]));
  return rows.map((row) => row.id);
}

/** False if the account has no such key. */
export async function deleteApiKey(tx: Tx, id: string, accountId: string): Promise<boolean> {
  const { rowCount } = await tx.query(remove([id, accountId]));
  return rowCount === 1;
}

/** A key that is good, with whose it is. */
export type KeyHolder = { key: ApiKey; account: Account };

const holder = sql(
  'api-key.holder',
  `select k.id as key_id, k.name as key_name, k.start, k.created_at as key_created_at, k.expires_at, k.last_used_at,
     k.read_only, k.permissions, ${accountColumns}
   from api_key k join user_account u on u.id = k.user_id
   where k.key_hash = $1 and (k.expires_at is null or k.expires_at > now()) and not ${isBannedNow}`,
);

type HolderRow = AccountRow &
  Omit<Row, 'id' | 'name' | 'created_at'> & { key_id: string; key_name: string; key_created_at: Date };

/** Whom a key stands for, if it is good. */
export async function holderOfKey(db: Db, keyHash: string): Promise<KeyHolder | undefined> {
  const { rows } = await db.query<HolderRow>(holder([keyHash]));
  const [row] = rows;
  if (!row) return undefined;
  const key = toApiKey({ ...row, id: row.key_id, name: row.key_name, created_at: row.key_created_at });
  return { key, account: toAccount(row) };
}

const touch = sql(
  'api-key.touch',
  `update api_key set last_used_at = now()
   where id = $1 and (last_used_at is null or last_used_at < now() - $2 * interval '1 second')`,
);

/** Records that a key was used, at most once in so many seconds: of several at once, one writes. */
export async function touchApiKey(db: Db, id: string, everySeconds: number): Promise<void> {
  await db.query(touch([id, everySeconds]));
}
