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

const use = sql(
  'identity.use',
  'update identity set last_used_at = now() where issuer = $1 and subject = $2 returning account_id',
);

/** Whose identity it is; notes that it was used. Undefined: nobody's. */
export async function useIdentity(tx: Tx, issuer: string, subject: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ account_id: string }>(use([issuer, subject]));
  return rows[0]?.account_id;
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

const password = sql(
  'credential.has-password',
  `select exists (
     select from credential where user_id = $1 and provider_id = 'credential' and password is not null
   ) as has`,
);

/** Whether an account can sign in by a password. One that was made by a provider has none before its owner sets one by mail. */
export async function hasPassword(db: Db, accountId: string): Promise<boolean> {
  return (await db.query<{ has: boolean }>(password([accountId]))).rows[0]?.has ?? false;
}
