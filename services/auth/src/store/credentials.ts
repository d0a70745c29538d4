import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';

const hashOf = sql(
  'credential.hash',
  `select password from credential where user_id = $1 and provider_id = 'credential' and password is not null`,
);

/** The stored hash of the password of an account; undefined where it has none: a sign-in provider made it. */
export async function passwordHashOf(db: Db, accountId: string): Promise<string | undefined> {
  return (await db.query<{ password: string }>(hashOf([accountId]))).rows[0]?.password;
}

const set = sql(
  'credential.set-password',
  `insert into credential (id, user_id, provider_id, account_id, password) values ($1, $2::uuid, 'credential', $2::uuid::text, $3)
   on conflict on constraint credential_provider_account_key do update set password = excluded.password, updated_at = now()`,
);

/** Sets the password of an account, by its hash. Whoever does so has locked the account, and ends its sessions after that. */
export async function setPasswordHash(tx: Tx, accountId: string, passwordHash: string): Promise<void> {
  await tx.query(set([uuidv7(), accountId, passwordHash]));
}
