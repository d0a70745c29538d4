import { type Db, type Statement, sql, type Tx } from '@tradepost/postgres/db';
import { type Account, type AccountRow, accountColumns, isBannedNow, toAccount } from './accounts.ts';
import {
  type AttemptKey,
  addingAttempts,
  type CountedAttempt,
  columnsOf,
  ofParameters,
  takingBack,
} from './attempts.ts';
import type { Totp } from './second-factors.ts';
import type { NewSession } from './sessions.ts';

/*
 * The statements of a sign-in. Each step is one statement, since a statement of its own for each part of a step cost more than the work
 * itself (docs/adr/0065): one counts the attempt and reads what it needs, one writes the session with all that goes with it.
 */

const counted = `(select coalesce(json_agg(counted), '[]') from counted) as counted`;

const countPassword = sql(
  'sign-in.count-password',
  `with counted as (${addingAttempts(ofParameters)})
   select ${counted}, ${accountColumns}, c.password, t.uses
   from (values ($3)) as sought (email) left join user_account u on u.email = sought.email
     left join credential c on c.user_id = u.id and c.provider_id = 'credential' left join totp t on t.account_id = u.id`,
);

/** Whose password is to be checked. `passwordHash` is null for an account without a password; `codeUses` is `totp.uses`. */
export type Candidate = { account: Account; passwordHash: string | null; codeUses: number };
type CandidateRow = { counted: CountedAttempt[]; password: string | null; uses: number | null } & (
  | AccountRow
  | { id: null }
);

/** Counts an attempt at a password, and finds the account of the address. */
export async function countPasswordAttempt(
  db: Db,
  email: string,
  wanted: readonly AttemptKey[],
): Promise<{ counted: CountedAttempt[]; candidate: Candidate | undefined }> {
  const { rows } = await db.query<CandidateRow>(countPassword([...columnsOf(wanted), email]));
  const [row] = rows;
  if (!row) throw new Error('The statement returns a row, whether there is an account or not');
  if (row.id === null) return { counted: row.counted, candidate: undefined };
  return {
    counted: row.counted,
    candidate: { account: toAccount(row), passwordHash: row.password, codeUses: row.uses ?? 0 },
  };
}

const countCode = sql(
  'sign-in.count-code',
  `with counted as (${addingAttempts(ofParameters)})
   select ${counted}, ${accountColumns}, t.secret, t.confirmed_at, t.last_step, t.uses, c.password
   from (values ($3::uuid)) as sought (id) left join user_account u on u.id = sought.id left join totp t on t.account_id = u.id
     left join credential c on c.user_id = u.id and c.provider_id = 'credential'`,
);

/** An attempt at a code that was counted, and what was read with it, without a lock. */
export type CountedCodeRow = {
  accountId: string;
  counted: CountedAttempt[];
  account: Account | undefined;
  totp: Totp | undefined;
  passwordHash: string | null;
};
type CodeRow = {
  counted: CountedAttempt[];
  secret: string | null;
  confirmed_at: Date | null;
  last_step: number;
  uses: number;
  password: string | null;
} & (AccountRow | { id: null });

/** Counts an attempt at a code of an account, and reads the account with its authenticator app and the hash of its password. */
export async function countCodeAttempt(
  db: Db,
  accountId: string,
  wanted: readonly AttemptKey[],
): Promise<CountedCodeRow> {
  const { rows } = await db.query<CodeRow>(countCode([...columnsOf(wanted), accountId]));
  const [row] = rows;
  if (!row) throw new Error('The statement returns a row, whether there is an account or not');
  const { secret, confirmed_at: confirmedAt, last_step: lastStep, uses } = row;
  return {
    accountId,
    counted: row.counted,
    account: row.id === null ? undefined : toAccount(row),
    totp: secret === null ? undefined : { secret, confirmedAt, lastStep, uses },
    passwordHash: row.password,
  };
}

/** What was right before the code: the password, by the stored hash that it was compared with, or a connection to a provider, by its id. */
export type FirstFactor = { kind: 'password'; passwordHash: string } | { kind: 'identity'; id: string };

/** The row of the first factor of `account`, if it still is the one that was right. */
const stillRight = (value: string): Record<FirstFactor['kind'], string> => ({
  password: `credential f where f.user_id = account.id and f.provider_id = 'credential' and f.password = ${value}`,
  identity: `identity f where f.account_id = account.id and f.id = ${value}::uuid`,
});
const keyOf = (factor: FirstFactor): string => (factor.kind === 'password' ? factor.passwordHash : factor.id);

const lockFactorOf = (kind: FirstFactor['kind']) =>
  sql(
    `sign-in.lock-${kind}`,
    `select 1 from (values ($1::uuid)) as account (id), ${stillRight('$2')[kind]} for share of f`,
  );
const lockFactor = { password: lockFactorOf('password'), identity: lockFactorOf('identity') };

/** Whether the first factor of an account that is locked still is the one that was right. */
export async function lockFirstFactor(tx: Tx, accountId: string, factor: FirstFactor): Promise<boolean> {
  return (await tx.query(lockFactor[factor.kind]([accountId, keyOf(factor)]))).rowCount === 1;
}

/** What both ways to open a session have in common, after a `with` that names the account that may have one `allowed`. */
const opening = `
   opened as (
     insert into session (id, user_id, token_hash, expires_at, ip_address, user_agent, created_at, updated_at)
     select $1, id, $3, $4, $5, left($6, 400), $7, $7 from allowed returning 1
   ), ${takingBack('$8', '$9', 'exists (select from opened)')}, touched as (
     update known_device set last_used_at = now()
     where account_id = $2 and device_hash = $10 and exists (select from opened) returning 1
   )
   select (select count(*)::int from opened) as opened, (select count(*)::int from touched) as touched`;

/**
 * The row of the password is locked after the account, and looked at again after the lock: one that has been changed since it was compared
 * opens nothing. Whoever changes the password locks the account first, and ends its sessions after that, this one too.
 */
const byPassword = sql(
  'sign-in.open-by-password',
  `with account as materialized (
     select u.id from user_account u where u.id = $2 and not ${isBannedNow} and not u.second_factor for share
   ), allowed as materialized (
     select account.id from account, ${stillRight('$11').password} for share of f
   ), ${opening}`,
);

/**
 * All or nothing: the account is locked first, as whoever changes its factors does, then the first factor, then the row of the app, and only
 * then anything is written. A row that another request has changed meanwhile is looked at again after its lock, so of two requests with one
 * code, or one pending sign-in ($14), the second finds it used.
 */
const byCodeAfter = (kind: FirstFactor['kind']) =>
  sql(
    `sign-in.open-by-code-after-${kind}`,
    `with account as materialized (
       select u.id from user_account u where u.id = $2 and not ${isBannedNow} and u.second_factor for no key update
     ), first_factor as materialized (
       select account.id from account, ${stillRight('$11')[kind]} for share of f
     ), allowed as materialized (
       select t.account_id as id from first_factor, totp t
       where t.account_id = first_factor.id and t.confirmed_at is not null and t.secret = $12 and t.last_step < $13
         and ($14::int is null or t.uses = $14) for update of t
     ), used as (
       update totp t set last_step = $13, uses = t.uses + 1 from allowed where t.account_id = allowed.id
     ), ${opening}`,
  );
const byCode = { password: byCodeAfter('password'), identity: byCodeAfter('identity') };

export type SessionOpening = {
  session: NewSession;
  /** Keys of attempts to take back one of, and of those to begin anew. */
  attempts: { keys: readonly string[]; cleared: readonly string[] };
  device: string;
};
/** A code that is right, by what was read of the app: `secret` as it is stored. `uses`: how many codes may have been used before. */
export type VerifiedCode = { secret: string; step: number; uses: number | undefined };

const valuesOf = ({ session: s, attempts, device }: SessionOpening): unknown[] => [
  ...[s.id, s.user_id, s.token_hash, s.expires_at, s.ip_address, s.user_agent, s.created_at],
  ...[attempts.keys, attempts.cleared, device],
];

/**
 * Writes the session of an account whose password was right, takes the attempts back, and notes the device, unless the account is banned
 * or has a second factor, or the password is another one meanwhile. Undefined: nothing was written. The lock makes it wait for a ban or a
 * change of the second factor that is under way, which would otherwise not see this session when it ends all there are.
 */
export function openByPassword(
  db: Db,
  o: SessionOpening,
  passwordHash: string,
): Promise<{ isKnownDevice: boolean } | undefined> {
  return open(db, byPassword([...valuesOf(o), passwordHash]));
}

/** The same for an account with a second factor, whose code is used up. */
export function openByCode(
  db: Db,
  o: SessionOpening,
  factor: FirstFactor,
  { secret, step, uses }: VerifiedCode,
): Promise<{ isKnownDevice: boolean } | undefined> {
  return open(db, byCode[factor.kind]([...valuesOf(o), keyOf(factor), secret, step, uses ?? null]));
}

async function open(db: Db, statement: Statement): Promise<{ isKnownDevice: boolean } | undefined> {
  const { rows } = await db.query<{ opened: number; touched: number }>(statement);
  return rows[0]?.opened === 1 ? { isKnownDevice: rows[0].touched === 1 } : undefined;
}
