import type { Role } from '@tradepost/contracts/roles';
import type { Db, Tx } from '@tradepost/postgres/db';
import { violatedConstraint } from '@tradepost/postgres/unavailable';
import { APIError } from 'better-auth/api';
import { accountChanged, accountCreated, publishEvents, sessionRevoked } from './account-events.ts';
import type { AccountMails } from './account-mails.ts';
import { type Condition, deleteRows, insertRow } from './better-auth-statements.ts';
import { insertSession, type NewSession } from './sessions.ts';

/** Where the queries go. */
export type Store = {
  /** To read from: the transaction, if one has begun. */
  reader(): Db;
  /** To write one statement to. */
  writer(): Promise<Db>;
  /** To write several that belong together. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  mails: AccountMails;
};

export type Row = Record<string, unknown>;

/** Inserts a row; a new account is announced and gets a mail that verifies its address; a session that may not be opened is refused. */
export async function createRow(store: Store, model: string, data: Row): Promise<Row> {
  const { writer, write, mails } = store;
  // as: better-auth fills the columns that its options give this table.
  if (model === 'session') return createSession(store, data as NewSession);
  if (model !== 'user_account') return insertOne(await writer(), model, data);
  return write(async (tx) => {
    const row = await insertOne(tx, model, data);
    const account = accountOf(row);
    await publishEvents(tx, [accountCreated(account)]);
    await mails.verifyEmail(tx, account);
    return row;
  }).catch(explainInsert);
}

async function createSession({ writer }: Store, data: NewSession): Promise<Row> {
  const db = await writer();
  if (await insertSession(db, data, { secondFactorShown: false })) return data;
  // Neither is opened by better-auth: sign-ins are ours, and an account that is being made has no second factor.
  throw new APIError('FORBIDDEN', { code: 'BANNED_USER', message: 'The account is banned' });
}

async function insertOne(db: Db, model: string, data: Row): Promise<Row> {
  const { rows } = await db.query<Row>(insertRow(model, data));
  const [row] = rows;
  if (!row) throw new Error('An insert returned no row');
  return row;
}

/**
 * better-auth answers any failure to create a user with one code, unless it is an error of its own kind: so an address
 * that was taken a moment ago gets the right code, and everything else travels as a cause.
 */
function explainInsert(err: unknown): never {
  if (violatedConstraint(err) === 'user_account_email_key') {
    throw new APIError('UNPROCESSABLE_ENTITY', {
      code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
      message: 'User already exists. Use another email.',
    });
  }
  throw Object.assign(new APIError('INTERNAL_SERVER_ERROR', { code: 'FAILED_TO_CREATE_USER' }), { cause: err });
}

/** Updates one row; a change of an account is announced. */
export async function updateRow(
  { writer, write }: Store,
  model: string,
  statement: Parameters<Db['query']>[0],
): Promise<Row | null> {
  if (model !== 'user_account') {
    const { rows } = await (await writer()).query<Row>(statement);
    return rows[0] ?? null;
  }
  return write(async (tx) => {
    const { rows } = await tx.query<Row>(statement);
    await publishEvents(
      tx,
      rows.map((row) => accountChanged(accountOf(row))),
    );
    return rows[0] ?? null;
  });
}

/** Deletes rows; sessions that were good until now are announced. */
export async function removeRows({ writer, write }: Store, model: string, where: Condition[]): Promise<number> {
  const statement = deleteRows(model, where);
  if (model !== 'session') return (await (await writer()).query(statement)).rowCount;
  return write(async (tx) => {
    const { rows } = await tx.query<{ id: string; user_id: string; expires_at: Date }>(statement);
    const live = rows.filter((row) => row.expires_at.getTime() > Date.now());
    await publishEvents(
      tx,
      live.map((row) => sessionRevoked(row.id, row.user_id)),
    );
    return rows.length;
  });
}

type CreatedAccount = { id: string; email: string; name: string; role: Role; locale: string | null };

function accountOf(row: Row): CreatedAccount {
  // as: the columns of user_account, whose checks in the database are the type's.
  return row as CreatedAccount;
}
