import type { Role } from '@tradepost/contracts/roles';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { isBannedNow } from './accounts.ts';

export type ApiKey = {
  id: string;
  name: string;
  /** Its first characters. */
  start: string;
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
};

type Row = {
  id: string;
  name: string;
  start: string;
  created_at: Date;
  expires_at: Date | null;
  last_used_at: Date | null;
};

const columns = 'k.id, k.name, k.start, k.created_at, k.expires_at, k.last_used_at';

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    name: row.name,
    start: row.start,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

const insert = sql(
  'api-key.insert',
  `insert into api_key as k (id, user_id, name, key_hash, start, expires_at)
   values ($1, $2, $3, $4, $5, $6) returning ${columns}`,
);
const count = sql('api-key.count', 'select count(*) as count from api_key where user_id = $1');

export type NewApiKey = {
  id: string;
  accountId: string;
  name: string;
  keyHash: string;
  start: string;
  expiresAt: Date | null;
};

export async function insertApiKey(tx: Tx, key: NewApiKey): Promise<ApiKey> {
  const { rows } = await tx.query<Row>(
    insert([key.id, key.accountId, key.name, key.keyHash, key.start, key.expiresAt]),
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
const removeAll = sql('api-key.delete-all', 'delete from api_key where user_id = $1 returning id');

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

/** Deletes all keys of an account and returns their ids. */
export async function deleteApiKeys(tx: Tx, accountId: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(removeAll([accountId]));
  return rows.map((row) => row.id);
}

/** Whom a key stands for. */
export type KeyHolder = {
  keyId: string;
  accountId: string;
  role: Role;
  name: string;
  email: string;
  emailVerified: boolean;
  secondFactor: boolean;
  lastUsedAt: Date | null;
  expiresAt: Date | null;
};

type HolderRow = {
  id: string;
  user_id: string;
  role: Role;
  name: string;
  email: string;
  email_verified: boolean;
  second_factor: boolean;
  last_used_at: Date | null;
  expires_at: Date | null;
};

const holder = sql(
  'api-key.holder',
  `select k.id, k.user_id, u.role, u.name, u.email, u.email_verified, u.second_factor, k.last_used_at, k.expires_at
   from api_key k join user_account u on u.id = k.user_id
   where k.key_hash = $1 and (k.expires_at is null or k.expires_at > now()) and not ${isBannedNow}`,
);

/** Whom a key stands for, if it is good. */
export async function holderOfKey(db: Db, keyHash: string): Promise<KeyHolder | undefined> {
  const { rows } = await db.query<HolderRow>(holder([keyHash]));
  const [row] = rows;
  if (!row) return undefined;
  return {
    keyId: row.id,
    accountId: row.user_id,
    role: row.role,
    name: row.name,
    email: row.email,
    emailVerified: row.email_verified,
    secondFactor: row.second_factor,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
  };
}

const touch = sql('api-key.touch', 'update api_key set last_used_at = now() where id = $1');

export async function touchApiKey(db: Db, id: string): Promise<void> {
  await db.query(touch([id]));
}
