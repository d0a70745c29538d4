import { type Db, type Statement, sql } from '@tradepost/postgres/db';
import { type Account, type AccountRow, accountColumns, isBannedNow, toAccount } from './accounts.ts';
import {
  addingAttempts,
  type CountedAttempt,
  columnsOf,
  ofParameters,
  takingBack,
  type WantedAttempt,
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
   select ${counted}, ${accountColumns}, c.password
   from (values ($3)) as sought (email) left join user_account u on u.email = sought.email
     left join credential c on c.user_id = u.id and c.provider_id = 'credential'`,
);

/** Whose password is to be checked. `passwordHash` is null for an account without a password. */
export type Candidate = { account: Account; passwordHash: string | null };
type CandidateRow = { counted: CountedAttempt[]; password: string | null } & (AccountRow | { id: null });

/** Counts an attempt at a password, and finds the account of the address. */
export async function countPasswordAttempt(
  db: Db,
  email: string,
  wanted: readonly WantedAttempt[],
): Promise<{ counted: CountedAttempt[]; candidate: Candidate | undefined }> {
  const { rows } = await db.query<CandidateRow>(countPassword([...columnsOf(wanted), email]));
  const [row] = rows;
  if (!row) throw new Error('The statement returns a row, whether there is an account or not');
  if (row.id === null) return { counted: row.counted, candidate: undefined };
  return { counted: row.counted, candidate: { account: toAccount(row), passwordHash: row.password } };
}

const accountWithApp = `select ${counted}, sought.id as sought, ${accountColumns}, t.secret, t.confirmed_at, t.last_step
   from sought left join user_account u on u.id = sought.id left join totp t on t.account_id = u.id`;
const countCode = sql(
  'sign-in.count-code',
  `with sought as (select $3::uuid as id), counted as (${addingAttempts(ofParameters)}) ${accountWithApp}`,
);
// The key is that of `codeCounts` (domain/attempts.ts) as `tokenHash` makes it: whose codes are counted is known from the challenge only.
const countCodeOfChallenge = sql(
  'sign-in.count-code-of-challenge',
  `with sought as (
     select value::uuid as id from verification where identifier = $1 and expires_at > now()
   ), wanted as (
     select translate(rtrim(encode(sha256(convert_to('code ' || id, 'UTF8')), 'base64'), '='), '+/', '-_') as key,
       $2::int as window_seconds from sought where $2 > 0
   ), counted as (${addingAttempts('wanted')}) ${accountWithApp}`,
);

/** An attempt at a code that was counted, and what was read with it, without a lock. */
export type CountedCodeRow = {
  accountId: string;
  counted: CountedAttempt[];
  account: Account | undefined;
  totp: Totp | undefined;
};
type CodeRow = {
  counted: CountedAttempt[];
  sought: string;
  secret: string | null;
  confirmed_at: Date | null;
  last_step: number;
} & (AccountRow | { id: null });

async function countedCode(db: Db, statement: Statement): Promise<CountedCodeRow | undefined> {
  const { rows } = await db.query<CodeRow>(statement);
  const [row] = rows;
  if (!row) return undefined;
  const { secret, confirmed_at: confirmedAt, last_step: lastStep } = row;
  return {
    accountId: row.sought,
    counted: row.counted,
    account: row.id === null ? undefined : toAccount(row),
    totp: secret === null ? undefined : { secret, confirmedAt, lastStep },
  };
}

/** Counts an attempt at a code of an account, and reads the account with its authenticator app. */
export async function countCodeAttempt(
  db: Db,
  accountId: string,
  wanted: readonly WantedAttempt[],
): Promise<CountedCodeRow> {
  const row = await countedCode(db, countCode([...columnsOf(wanted), accountId]));
  if (!row) throw new Error('The statement returns a row, whether there is an account or not');
  return row;
}

/** The same for whom a good challenge is for; undefined if there is none. A window of 0 counts nothing. */
export function countCodeAttemptOfChallenge(
  db: Db,
  challengeHash: string,
  windowSeconds: number,
): Promise<CountedCodeRow | undefined> {
  return countedCode(db, countCodeOfChallenge([challengeHash, windowSeconds]));
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

const byPassword = sql(
  'sign-in.open-by-password',
  `with allowed as materialized (
     select u.id from user_account u where u.id = $2 and not ${isBannedNow} and not u.second_factor for share
   ), ${opening}`,
);

/**
 * All or nothing: the account is locked first, as whoever changes its factors does, then the row of the app, then the challenge is deleted
 * (if there is one), and only then anything else is written. A row that another request has changed meanwhile is looked at again after its
 * lock, so of two requests with one code, or one challenge, the second finds it used.
 */
const byCode = sql(
  'sign-in.open-by-code',
  `with account as materialized (
     select u.id from user_account u where u.id = $2 and not ${isBannedNow} and u.second_factor for no key update
   ), code as materialized (
     select t.account_id from account, totp t
     where t.account_id = account.id and t.confirmed_at is not null and t.secret = $11 and t.last_step < $12 for update of t
   ), challenge as (
     delete from verification where identifier = $13 and expires_at > now() and exists (select from code) returning 1
   ), allowed as materialized (
     select account_id as id from code where $13::text is null or exists (select from challenge)
   ), used as (
     update totp t set last_step = $12 from allowed where t.account_id = allowed.id
   ), ${opening}`,
);

export type SessionOpening = {
  session: NewSession;
  /** Keys of attempts to take back one of, and of those to begin anew. */
  attempts: { keys: readonly string[]; cleared: readonly string[] };
  device: string;
};
/** A code that is right, by what was read of the app: `secret` as it is stored. */
export type RightCode = { secret: string; step: number; challengeHash: string | undefined };

const valuesOf = ({ session: s, attempts, device }: SessionOpening): unknown[] => [
  ...[s.id, s.user_id, s.token_hash, s.expires_at, s.ip_address, s.user_agent, s.created_at],
  ...[attempts.keys, attempts.cleared, device],
];

/**
 * Writes the session of an account whose password was right, takes the attempts back, and notes the device, unless the account is banned
 * or has a second factor. Undefined: nothing was written. The lock makes it wait for a ban or a change of the second factor that is
 * under way, which would otherwise not see this session when it ends all there are.
 */
export function openByPassword(db: Db, o: SessionOpening): Promise<{ isKnownDevice: boolean } | undefined> {
  return open(db, byPassword(valuesOf(o)));
}

/** The same for an account with a second factor, whose code is used up. */
export function openByCode(
  db: Db,
  o: SessionOpening,
  { secret, step, challengeHash }: RightCode,
): Promise<{ isKnownDevice: boolean } | undefined> {
  return open(db, byCode([...valuesOf(o), secret, step, challengeHash ?? null]));
}

async function open(db: Db, statement: Statement): Promise<{ isKnownDevice: boolean } | undefined> {
  const { rows } = await db.query<{ opened: number; touched: number }>(statement);
  return rows[0]?.opened === 1 ? { isKnownDevice: rows[0].touched === 1 } : undefined;
}
