import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** The public half of a key, as it is published. */
export type PublicKey = { kty: string; crv: string; x: string };

export type StoredKey = {
  id: string;
  publicKey: PublicKey;
  /** Encrypted. */
  privateKey: string;
  signsFrom: Date;
};

type Row = { id: string; public_key: PublicKey; private_key: string; signs_from: Date };

const all = sql('signing-key.all', 'select id, public_key, private_key, signs_from from signing_key order by id');
const insert = sql(
  'signing-key.insert',
  'insert into signing_key (id, public_key, private_key, signs_from) values ($1, $2, $3, $4)',
);
const remove = sql('signing-key.delete', 'delete from signing_key where id = any($1::uuid[])');
// Any constant will do, as long as nothing else in this database locks it.
const lock = sql('signing-key.lock', 'select pg_advisory_xact_lock(7305412891004410777)');

export async function allKeys(db: Db): Promise<StoredKey[]> {
  const { rows } = await db.query<Row>(all());
  return rows.map((row) => ({
    id: row.id,
    publicKey: row.public_key,
    privateKey: row.private_key,
    signsFrom: row.signs_from,
  }));
}

/** Keeps every other instance from changing the keys until the transaction ends. */
export async function lockKeys(tx: Tx): Promise<void> {
  await tx.query(lock());
}

export async function insertKey(tx: Tx, key: StoredKey): Promise<void> {
  await tx.query(insert([key.id, JSON.stringify(key.publicKey), key.privateKey, key.signsFrom]));
}

export async function deleteKeys(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.query(remove([ids]));
}
