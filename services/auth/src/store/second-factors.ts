import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/**
 * The authenticator app of an account, and its recovery codes. Whoever reads or changes them has locked the account before
 * (`lockAccount`): of two requests with one code the second sees what the first has used up.
 */
export type Totp = {
  /** Encrypted. */
  secret: string;
  /** Null: a first code was not shown yet. */
  confirmedAt: Date | null;
  /** The time step of the last code that was accepted. */
  lastStep: number;
  /** How many codes were accepted, recovery codes too. */
  uses: number;
};

type Row = { secret: string; confirmed_at: Date | null; last_step: number; uses: number };

const byAccount = sql(
  'totp.by-account',
  'select secret, confirmed_at, last_step, uses from totp where account_id = $1',
);

export async function totpOf(db: Db, accountId: string): Promise<Totp | undefined> {
  const { rows } = await db.query<Row>(byAccount([accountId]));
  const [row] = rows;
  return row && { secret: row.secret, confirmedAt: row.confirmed_at, lastStep: row.last_step, uses: row.uses };
}

const save = sql(
  'totp.save',
  `insert into totp (account_id, secret, secret_key) values ($1, $2, $3)
   on conflict (account_id) do update set secret = excluded.secret, secret_key = excluded.secret_key, created_at = now()
   where totp.confirmed_at is null`,
);

/** A secret with the name of the key that encrypted it. */
export type EncryptedSecret = { secret: string; secretKey: string };

/** Stores a secret whose first code is still to come, in place of an earlier one like it; false if one is in use. */
export async function savePendingTotp(tx: Tx, accountId: string, o: EncryptedSecret): Promise<boolean> {
  const { rowCount } = await tx.query(save([accountId, o.secret, o.secretKey]));
  return rowCount === 1;
}

const confirm = sql('totp.confirm', 'update totp set confirmed_at = now(), last_step = $2 where account_id = $1');
const turn = sql('account.set-second-factor', 'update user_account set second_factor = $2 where id = $1');

/** From now on a sign-in by password needs a code. */
export async function confirmTotp(tx: Tx, accountId: string, step: number): Promise<void> {
  await tx.query(confirm([accountId, step]));
  await tx.query(turn([accountId, true]));
}

const useStep = sql('totp.use-step', 'update totp set last_step = $2, uses = uses + 1 where account_id = $1');

/** No code of this time step or an earlier one is accepted again. */
export async function useTotpStep(tx: Tx, accountId: string, step: number): Promise<void> {
  await tx.query(useStep([accountId, step]));
}

const remove = sql('totp.remove', 'delete from totp where account_id = $1 returning confirmed_at');

/** Removes the authenticator app with its recovery codes; false if the account had none that was in use. */
export async function removeTotp(tx: Tx, accountId: string): Promise<boolean> {
  const { rows } = await tx.query<{ confirmed_at: Date | null }>(remove([accountId]));
  await tx.query(turn([accountId, false]));
  return rows[0] !== undefined && rows[0].confirmed_at !== null;
}

const removeCodes = sql('recovery-code.remove-all', 'delete from recovery_code where account_id = $1');
const insertCodes = sql(
  'recovery-code.insert',
  'insert into recovery_code (account_id, code_hash) select $1, unnest($2::text[])',
);

export async function replaceRecoveryCodes(tx: Tx, accountId: string, hashes: readonly string[]): Promise<void> {
  await tx.query(removeCodes([accountId]));
  await tx.query(insertCodes([accountId, hashes]));
}

const consumeCode = sql(
  'recovery-code.consume',
  `with used as (delete from recovery_code where account_id = $1 and code_hash = $2 returning account_id)
   update totp t set uses = t.uses + 1 from used where t.account_id = used.account_id`,
);

/** Uses up a recovery code; false if the account has no such code. */
export async function consumeRecoveryCode(tx: Tx, accountId: string, hash: string): Promise<boolean> {
  const { rowCount } = await tx.query(consumeCode([accountId, hash]));
  return rowCount === 1;
}

const countCodes = sql('recovery-code.count', 'select count(*) as count from recovery_code where account_id = $1');

export async function countRecoveryCodes(db: Db, accountId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(countCodes([accountId]));
  return rows[0]?.count ?? 0;
}

const underOtherKeys = sql(
  'totp.under-other-keys',
  `select account_id, secret from totp where secret_key <> $1 order by account_id limit $2 for update skip locked`,
);
const replaceSecret = sql('totp.replace-secret', 'update totp set secret = $2, secret_key = $3 where account_id = $1');

/** Secrets that another key than this one encrypts, at most `limit`, locked. */
export async function totpUnderOtherKeys(
  tx: Tx,
  secretKey: string,
  limit: number,
): Promise<{ accountId: string; secret: string }[]> {
  const { rows } = await tx.query<{ account_id: string; secret: string }>(underOtherKeys([secretKey, limit]));
  return rows.map((row) => ({ accountId: row.account_id, secret: row.secret }));
}

export async function replaceTotpSecret(tx: Tx, accountId: string, o: EncryptedSecret): Promise<void> {
  await tx.query(replaceSecret([accountId, o.secret, o.secretKey]));
}
