import { randomBytes } from 'node:crypto';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { uuidv7 } from '@tradepost/postgres/uuid';
import { type Account, accountColumns, queryAccount } from './accounts.ts';
import { tokenHash } from './token-hash.ts';

/**
 * Tokens of links in mails, in better-auth's table `verification`. Whoever reads the table cannot use them: it holds their hashes. A
 * token is good for one purpose and once. better-auth writes those of `reset-password`, and hashes them in the same way.
 */
export type LinkPurpose = 'reset-password' | 'verify-email' | 'confirm-new-email';

/** What a token of ours stands for: an address, and the account that wants it verified. */
export type AddressToken = { accountId: string; email: string };

const BYTES = 32;

const hashOf = (purpose: LinkPurpose, token: string): string => tokenHash(`${purpose}:${token}`);

const insert = sql(
  'mail-token.insert',
  'insert into verification (id, identifier, value, email, expires_at) values ($1, $2, $3, $4, $5)',
);

/** Stores a new token and returns it. */
export async function issueMailToken(
  tx: Tx,
  purpose: LinkPurpose,
  { accountId, email }: AddressToken,
  expiresAt: Date,
): Promise<string> {
  const token = randomBytes(BYTES).toString('base64url');
  await tx.query(insert([uuidv7(), hashOf(purpose, token), accountId, email, expiresAt]));
  return token;
}

const consume = sql(
  'mail-token.consume',
  'delete from verification where identifier = $1 returning value, email, expires_at > now() as is_good',
);

/** Uses up a token; undefined if it has expired, was used, or never was. */
export async function consumeMailToken(
  tx: Tx,
  purpose: 'verify-email' | 'confirm-new-email',
  token: string,
): Promise<AddressToken | undefined> {
  const { rows } = await tx.query<{ value: string; email: string | null; is_good: boolean }>(
    consume([hashOf(purpose, token)]),
  );
  const [row] = rows;
  return row?.is_good && row.email !== null ? { accountId: row.value, email: row.email } : undefined;
}

const consumeReset = sql(
  'mail-token.consume-reset',
  'delete from verification where identifier = $1 and value = $2 and expires_at > now()',
);

/** Uses up a token that sets the password of an account; false if it has expired, was used, or never was. */
export async function consumeResetToken(tx: Tx, accountId: string, token: string): Promise<boolean> {
  return (await tx.query(consumeReset([hashOf('reset-password', token), accountId]))).rowCount === 1;
}

const accountOf = sql(
  'mail-token.account',
  `select ${accountColumns} from user_account u
   where u.id = (select v.value::uuid from verification v where v.identifier = $1 and v.expires_at > now())`,
);

/** The account that a good token is for, without using it up. */
export function accountByMailToken(db: Db, purpose: LinkPurpose, token: string): Promise<Account | undefined> {
  return queryAccount(db, accountOf([hashOf(purpose, token)]));
}

/** One that another transaction is using up is skipped, not waited for: two links of one account would wait for one another. */
const removeOfAccount = sql(
  'mail-token.remove-of-account',
  `delete from verification where id in (select id from verification where value = $1 for update skip locked)`,
);

/** Makes all links of an account useless: those that set its password, and those that verify or change its address. */
export async function deleteMailTokens(tx: Tx, accountId: string): Promise<void> {
  await tx.query(removeOfAccount([accountId]));
}

const removeExpired = sql(
  'mail-token.remove-expired',
  `delete from verification where id in (
     select id from verification where expires_at < now() order by expires_at limit $1 for update skip locked
   )`,
);

/** Removes tokens that have expired, at most `limit`, and returns how many. */
export async function removeExpiredTokens(db: Db, limit: number): Promise<number> {
  const { rowCount } = await db.query(removeExpired([limit]));
  return rowCount;
}
