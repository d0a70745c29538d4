import { type Db, type Statement, sql, type Tx } from '@tradepost/postgres/db';

/** A WebAuthn credential of an account. */
export type Passkey = {
  id: string;
  accountId: string;
  credentialId: string;
  /** COSE, base64url. */
  publicKey: string;
  counter: number;
  transports: string[];
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
};

type Row = {
  id: string;
  account_id: string;
  credential_id: string;
  public_key: string;
  counter: number;
  transports: string[];
  name: string;
  created_at: Date;
  last_used_at: Date | null;
};

const columns = 'id, account_id, credential_id, public_key, counter, transports, name, created_at, last_used_at';

const toPasskey = (row: Row): Passkey => ({
  id: row.id,
  accountId: row.account_id,
  credentialId: row.credential_id,
  publicKey: row.public_key,
  counter: row.counter,
  transports: row.transports,
  name: row.name,
  createdAt: row.created_at,
  lastUsedAt: row.last_used_at,
});

async function queryPasskeys(db: Db, statement: Statement): Promise<Passkey[]> {
  const { rows } = await db.query<Row>(statement);
  return rows.map(toPasskey);
}

const ofAccount = sql('passkey.of-account', `select ${columns} from passkey where account_id = $1 order by id desc`);

/** The passkeys of an account, newest first. */
export function passkeysOf(db: Db, accountId: string): Promise<Passkey[]> {
  return queryPasskeys(db, ofAccount([accountId]));
}

const insert = sql(
  'passkey.insert',
  `insert into passkey (id, account_id, credential_id, public_key, counter, transports, name)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (credential_id) do nothing returning ${columns}`,
);

export type NewPasskey = Omit<Passkey, 'createdAt' | 'lastUsedAt'>;

/** Undefined if the credential is registered already. */
export async function insertPasskey(tx: Tx, one: NewPasskey): Promise<Passkey | undefined> {
  const { id, accountId, credentialId, publicKey, counter, transports, name } = one;
  const values = [id, accountId, credentialId, publicKey, counter, transports, name];
  return (await queryPasskeys(tx, insert(values)))[0];
}

const byCredential = sql('passkey.by-credential', `select ${columns} from passkey where credential_id = $1`);

export async function passkeyByCredential(db: Db, credentialId: string): Promise<Passkey | undefined> {
  return (await queryPasskeys(db, byCredential([credentialId])))[0];
}

const use = sql('passkey.use', 'update passkey set counter = $2, last_used_at = now() where id = $1');

/** False if the passkey has just been removed. */
export async function recordPasskeyUse(tx: Tx, id: string, counter: number): Promise<boolean> {
  const { rowCount } = await tx.query(use([id, counter]));
  return rowCount === 1;
}

const rename = sql(
  'passkey.rename',
  `update passkey set name = $3 where id = $1 and account_id = $2 returning ${columns}`,
);

/** Undefined if the account has no such passkey. */
export async function setPasskeyName(
  db: Db,
  { id, accountId, name }: { id: string; accountId: string; name: string },
): Promise<Passkey | undefined> {
  return (await queryPasskeys(db, rename([id, accountId, name])))[0];
}

const remove = sql('passkey.remove', 'delete from passkey where id = $1 and account_id = $2');
const removeAll = sql('passkey.remove-all', 'delete from passkey where account_id = $1');

/** False if the account has no such passkey. */
export async function deletePasskey(db: Db, id: string, accountId: string): Promise<boolean> {
  const { rowCount } = await db.query(remove([id, accountId]));
  return rowCount === 1;
}

/** Deletes all passkeys of an account and returns how many. */
export async function deletePasskeys(tx: Tx, accountId: string): Promise<number> {
  const { rowCount } = await tx.query(removeAll([accountId]));
  return rowCount;
}
