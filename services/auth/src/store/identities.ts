import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** An account at a provider by which somebody signs in: known by issuer and subject, whatever its address is. */
export type Identity = {
  id: string;
  accountId: string;
  issuer: string;
  subject: string;
  email: string | null;
  createdAt: Date;
  lastUsedAt: Date | null;
};

const columns = `i.id, i.account_id as "accountId", i.issuer, i.subject, i.email, i.created_at as "createdAt", i.last_used_at as "lastUsedAt"`;

const ofSubject = sql(
  'identity.of-subject',
  `select ${columns} from identity i where i.issuer = $1 and i.subject = $2`,
);

/** The connection of an account at a provider; undefined: nobody's. */
export async function identityOfSubject(db: Db, issuer: string, subject: string): Promise<Identity | undefined> {
  return (await db.query<Identity>(ofSubject([issuer, subject]))).rows[0];
}

const use = sql('identity.use', 'update identity set last_used_at = now() where id = $1');

/** Notes that it was used, by who has locked the account; false if it has just been removed. */
export async function recordIdentityUse(tx: Tx, id: string): Promise<boolean> {
  return (await tx.query(use([id]))).rowCount === 1;
}

const insert = sql(
  'identity.insert',
  `insert into identity as i (id, account_id, issuer, subject, email) values ($1, $2, $3, $4, $5)
   on conflict on constraint identity_issuer_subject_key do nothing returning ${columns}`,
);

/** Undefined: the identity is connected already, to this account or another. */
export async function insertIdentity(
  tx: Tx,
  o: Pick<Identity, 'id' | 'accountId' | 'issuer' | 'subject' | 'email'>,
): Promise<Identity | undefined> {
  return (await tx.query<Identity>(insert([o.id, o.accountId, o.issuer, o.subject, o.email]))).rows[0];
}

const ofAccount = sql('identity.of-account', `select ${columns} from identity i where i.account_id = $1 order by i.id`);

export async function identitiesOf(db: Db, accountId: string): Promise<Identity[]> {
  return (await db.query<Identity>(ofAccount([accountId]))).rows;
}

const remove = sql('identity.remove', 'delete from identity where id = $1 and account_id = $2');

export async function removeIdentity(tx: Tx, id: string, accountId: string): Promise<void> {
  await tx.query(remove([id, accountId]));
}
