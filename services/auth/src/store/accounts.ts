import { isLocale, type Locale } from '@tradepost/contracts/locales';
import {
  isPermission,
  isReadyMadeRole,
  type Permission,
  permissions,
  readyMadeRoles,
} from '@tradepost/contracts/permissions';
import type { Role } from '@tradepost/contracts/roles';
import { type Db, type Statement, sql, type Tx } from '@tradepost/postgres/db';

/** Somebody who may sign in: what better-auth calls a user. */
export type Account = {
  id: string;
  name: string;
  email: string;
  emailVerified: boolean;
  /** The language of its mails; null: that of the shop. */
  locale: Locale | null;
  role: Role;
  /** Of `staff`; null of others. */
  staffRole: { id: string; name: string } | null;
  /** What it may do as an operator: all for an admin, what the staff role allows for `staff`. */
  permissions: readonly Permission[];
  banned: boolean;
  banReason: string | null;
  /** Until when it is banned; null is for good. */
  banExpires: Date | null;
  /** A sign-in by password needs a code of an authenticator app. */
  secondFactor: boolean;
  /** Rises with each change of the role and each ban. */
  statusVersion: number;
  /** Rises with each change of the name, the address, the language, or whether the address is verified. */
  contactVersion: number;
  createdAt: Date;
  updatedAt: Date;
};

/** A row of `accountColumns`. */
export type AccountRow = {
  id: string;
  name: string;
  email: string;
  email_verified: boolean;
  locale: string | null;
  role: Role;
  ready_made_role: string | null;
  staff_role_id: string | null;
  staff_role: { name: string; permissions: string[] } | null;
  banned: boolean;
  ban_reason: string | null;
  ban_expires: Date | null;
  second_factor: boolean;
  status_version: number;
  contact_version: number;
  created_at: Date;
  updated_at: Date;
};

export const accountColumns = `u.id, u.name, u.email, u.email_verified, u.locale, u.role, u.ready_made_role, u.staff_role_id,
  (select json_build_object('name', r.name, 'permissions', r.permissions) from staff_role r where r.id = u.staff_role_id) as staff_role,
  u.banned, u.ban_reason, u.ban_expires, u.second_factor,
  u.status_version, u.contact_version, u.created_at, u.updated_at`;

/** True of an account that may not be used now, of the row `u`. */
export const isBannedNow = `(u.banned and (u.ban_expires is null or u.ban_expires > now()))`;

export function toAccount(row: AccountRow): Account {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    emailVerified: row.email_verified,
    locale: isLocale(row.locale) ? row.locale : null,
    role: row.role,
    ...staffOf(row),
    banned: row.banned,
    banReason: row.ban_reason,
    banExpires: row.ban_expires,
    secondFactor: row.second_factor,
    statusVersion: row.status_version,
    contactVersion: row.contact_version,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

function staffOf(row: AccountRow): Pick<Account, 'staffRole' | 'permissions'> {
  if (row.role === 'admin') return { staffRole: null, permissions };
  if (row.role !== 'staff') return { staffRole: null, permissions: [] };
  const { ready_made_role: key, staff_role_id: id, staff_role: own } = row;
  if (id !== null && own)
    return { staffRole: { id, name: own.name }, permissions: own.permissions.filter(isPermission) };
  if (key === null || !isReadyMadeRole(key)) return { staffRole: null, permissions: [] };
  const { name, permissions: held } = readyMadeRoles[key];
  return { staffRole: { id: key, name }, permissions: held };
}

/** The account of the one row that a statement gives. */
export async function queryAccount(db: Db, statement: Statement): Promise<Account | undefined> {
  const { rows } = await db.query<AccountRow>(statement);
  return rows[0] && toAccount(rows[0]);
}

const byId = sql('account.by-id', `select ${accountColumns} from user_account u where u.id = $1`);
const byEmail = sql('account.by-email', `select ${accountColumns} from user_account u where u.email = $1`);
const lock = sql('account.lock', `select ${accountColumns} from user_account u where u.id = $1 for no key update`);

export function accountById(db: Db, id: string): Promise<Account | undefined> {
  return queryAccount(db, byId([id]));
}

export function accountByEmail(db: Db, email: string): Promise<Account | undefined> {
  return queryAccount(db, byEmail([email.toLowerCase()]));
}

/** The account, locked until the transaction ends: no session can be opened for it meanwhile. */
export function lockAccount(tx: Tx, id: string): Promise<Account | undefined> {
  return queryAccount(tx, lock([id]));
}

const page = sql(
  'account.page',
  `select ${accountColumns} from user_account u
   where ($1::uuid is null or u.id < $1) and ($2::text is null or u.role = $2)
     and ($3::boolean is null or ${isBannedNow} = $3)
   order by u.id desc limit $4`,
);

export type AccountFilter = { role?: Role | undefined; banned?: boolean | undefined };

/** Accounts after `before`, newest first. */
export async function pageOfAccounts(
  db: Db,
  filter: AccountFilter,
  o: { before: string | undefined; limit: number },
): Promise<Account[]> {
  const { rows } = await db.query<AccountRow>(
    page([o.before ?? null, filter.role ?? null, filter.banned ?? null, o.limit]),
  );
  return rows.map(toAccount);
}

const insert = sql(
  'account.insert',
  `insert into user_account as u (id, name, email, role, locale) values ($1, $2, $3, $4, $5)
   on conflict on constraint user_account_email_key do nothing returning ${accountColumns}`,
);
const insertCredential = sql(
  'account.insert-credential',
  `insert into credential (id, user_id, provider_id, account_id, password) values ($1, $2::uuid, 'credential', $2::uuid::text, $3)`,
);

type NewAccount = { id: string; name: string; email: string; role: Role; locale?: Locale | undefined } & (
  | { credentialId: string; passwordHash: string }
  | { credentialId?: undefined; passwordHash?: undefined }
);

/** Writes an account, with its password if it has one; undefined if the e-mail address is taken. */
export async function insertAccount(tx: Tx, account: NewAccount): Promise<Account | undefined> {
  const created = await queryAccount(
    tx,
    insert([account.id, account.name, account.email, account.role, account.locale ?? null]),
  );
  const { passwordHash } = account;
  if (created && passwordHash !== undefined) {
    await tx.query(insertCredential([account.credentialId, account.id, passwordHash]));
  }
  return created;
}
