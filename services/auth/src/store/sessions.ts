import { type Db, type Statement, sql, type Tx } from '@tradepost/postgres/db';
import { type Account, type AccountRow, accountColumns, isBannedNow, toAccount } from './accounts.ts';

export type Session = {
  id: string;
  accountId: string;
  ipAddress: string | null;
  userAgent: string | null;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date;
  /** The operator who acts as the account; null in a session of its own. */
  operatorId: string | null;
};

type Row = {
  id: string;
  user_id: string;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  updated_at: Date;
  expires_at: Date;
  operator_id: string | null;
};

const columns = 's.id, s.user_id, s.ip_address, s.user_agent, s.created_at, s.updated_at, s.expires_at, s.operator_id';

function toSession(row: Row): Session {
  return {
    id: row.id,
    accountId: row.user_id,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    expiresAt: row.expires_at,
    operatorId: row.operator_id,
  };
}

/** A row of the table as better-auth writes it. */
export type NewSession = {
  id: string;
  user_id: string;
  token_hash: string;
  expires_at: Date;
  ip_address: string | null;
  user_agent: string | null;
  created_at: Date;
  updated_at: Date;
  /** better-auth does not know it. */
  operator_id?: string;
};

const insert = sql(
  'session.insert',
  `insert into session (id, user_id, token_hash, expires_at, ip_address, user_agent, created_at, updated_at,
                         operator_id)
   select $1::uuid, u.id, $3::text, $4::timestamptz, $5::text, left($6::text, 400), $7::timestamptz, $8::timestamptz, $9::uuid
   from user_account u where u.id = $2::uuid and not ${isBannedNow}
     and (not u.second_factor or $10::boolean)
   for share of u`,
);

/**
 * Writes a session, unless the account is banned, or has a second factor that was not shown: false then. The lock makes it wait for a
 * ban or a change of the second factor that is under way, which would otherwise not see this session when it ends all there are.
 */
export async function insertSession(db: Db, row: NewSession, o: { secondFactorShown: boolean }): Promise<boolean> {
  const { rowCount } = await db.query(
    insert([
      row.id,
      row.user_id,
      row.token_hash,
      row.expires_at,
      row.ip_address,
      row.user_agent,
      row.created_at,
      row.updated_at,
      row.operator_id ?? null,
      o.secondFactorShown,
    ]),
  );
  return rowCount === 1;
}

/** A session that may be used, with whose it is. */
export type OpenSession = { session: Session; account: Account };

type OpenRow = AccountRow & {
  session_id: string;
  ip_address: string | null;
  user_agent: string | null;
  began_at: Date;
  extended_at: Date;
  expires_at: Date;
  operator_id: string | null;
};

const open = `select s.id as session_id, s.operator_id, s.ip_address, s.user_agent, s.created_at as began_at, s.updated_at as extended_at,
    s.expires_at, ${accountColumns}
  from session s join user_account u on u.id = s.user_id
  where s.expires_at > now() and not ${isBannedNow}`;
const byToken = sql('session.by-token', `${open} and s.token_hash = $1`, { genericPlan: true });
const byId = sql('session.by-id', `${open} and s.id = $1`, { genericPlan: true });

async function openSession(db: Db, statement: Statement): Promise<OpenSession | undefined> {
  const { rows } = await db.query<OpenRow>(statement);
  const [row] = rows;
  if (!row) return undefined;
  const session = {
    id: row.session_id,
    accountId: row.id,
    ipAddress: row.ip_address,
    userAgent: row.user_agent,
    createdAt: row.began_at,
    updatedAt: row.extended_at,
    expiresAt: row.expires_at,
    operatorId: row.operator_id,
  };
  return { session, account: toAccount(row) };
}

export function sessionByToken(db: Db, tokenHash: string): Promise<OpenSession | undefined> {
  return openSession(db, byToken([tokenHash]));
}

export function sessionById(db: Db, id: string): Promise<OpenSession | undefined> {
  return openSession(db, byId([id]));
}

const lock = sql('session.lock', 'select from session where id = $1 and expires_at > now() for share');

/** Whether a session is still open; nobody ends it before this transaction is over. */
export async function lockSession(tx: Tx, id: string): Promise<boolean> {
  const { rows } = await tx.query(lock([id]));
  return rows.length > 0;
}

const extend = sql(
  'session.extend',
  `update session s set expires_at = now() + $2 * interval '1 second', updated_at = now() where s.id = $1 returning ${columns}`,
);

/** Lets a session live for so many seconds from now; undefined if it has ended meanwhile. */
export async function extendSession(db: Db, id: string, seconds: number): Promise<Session | undefined> {
  const { rows } = await db.query<Row>(extend([id, seconds]));
  return rows[0] && toSession(rows[0]);
}

const page = sql(
  'session.page',
  `select ${columns} from session s
   where s.user_id = $1 and s.operator_id is null and s.expires_at > now() and ($2::uuid is null or s.id < $2) order by s.id desc limit $3`,
);

/** The sessions of an account that are good, newest first, after `before`; without those in which an operator acts as it. */
export async function pageOfSessions(
  db: Db,
  accountId: string,
  o: { before: string | undefined; limit: number },
): Promise<Session[]> {
  const { rows } = await db.query<Row>(page([accountId, o.before ?? null, o.limit]));
  return rows.map(toSession);
}
