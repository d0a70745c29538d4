import type { Locale } from '@tradepost/contracts/locales';
import { sql, type Tx } from '@tradepost/postgres/db';
import { type Account, type AccountRow, accountColumns, queryAccount, toAccount } from './accounts.ts';
import { type RoleChoice, staffRoleColumns } from './staff-roles.ts';

const setProfile = sql(
  'account.set-profile',
  `update user_account u set name = coalesce($2, u.name), locale = coalesce($3, u.locale), contact_version = u.contact_version + 1, updated_at = now()
   where u.id = $1 returning ${accountColumns}`,
);
const assignEmail = sql(
  'account.set-email',
  `update user_account u set email = $2, email_verified = true, contact_version = u.contact_version + 1, updated_at = now()
   where u.id = $1 returning ${accountColumns}`,
);
const verifyEmail = sql(
  'account.verify-email',
  `update user_account u set email_verified = true, contact_version = u.contact_version + 1, updated_at = now()
   where u.id = $1 and not u.email_verified returning ${accountColumns}`,
);
const assignRole = sql(
  'account.set-role',
  `update user_account u set role = $2, ready_made_role = $3, staff_role_id = $4, status_version = u.status_version + 1,
     updated_at = now()
   where u.id = $1 returning ${accountColumns}`,
);
const assignBan = sql(
  'account.set-ban',
  `update user_account u set banned = $2, ban_reason = $3, ban_expires = $4, status_version = u.status_version + 1,
     updated_at = now()
   where u.id = $1 returning ${accountColumns}`,
);

/** What somebody may change of their own account without more ado. What is missing stays. */
export type Profile = { name?: string | undefined; locale?: Locale | undefined };

export function updateProfile(tx: Tx, id: string, { name, locale }: Profile): Promise<Account | undefined> {
  return queryAccount(tx, setProfile([id, name ?? null, locale ?? null]));
}

/** Gives the account another address, which is verified. Throws a unique violation if another account has it. */
export function setEmail(tx: Tx, id: string, email: string): Promise<Account | undefined> {
  return queryAccount(tx, assignEmail([id, email]));
}

/** Marks the address as verified; undefined if it was already. */
export function setEmailVerified(tx: Tx, id: string): Promise<Account | undefined> {
  return queryAccount(tx, verifyEmail([id]));
}

/** Gives the account a role; `staff` with a staff role. */
export function setRole(tx: Tx, id: string, { role, staffRole }: RoleChoice): Promise<Account | undefined> {
  const { readyMadeRole, staffRoleId } = staffRoleColumns(staffRole);
  return queryAccount(tx, assignRole([id, role, readyMadeRole, staffRoleId]));
}

/** Bans the account, or, without a ban, lifts the one it has. */
export function setBan(
  tx: Tx,
  id: string,
  ban: { reason: string; expires: Date | null } | undefined,
): Promise<Account | undefined> {
  return queryAccount(tx, assignBan([id, ban !== undefined, ban?.reason ?? null, ban?.expires ?? null]));
}

const announceContacts = sql(
  'account.announce-contacts',
  `update user_account u set contact_announced = true, contact_version = u.contact_version + 1
   where u.id in (select id from user_account where not contact_announced order by id limit $1 for update skip locked)
   returning ${accountColumns}`,
);

/** Gives a version to the contacts of accounts that were never announced, at most `limit`, and returns these accounts. */
export async function takeUnannouncedContacts(tx: Tx, limit: number): Promise<Account[]> {
  const { rows } = await tx.query<AccountRow>(announceContacts([limit]));
  return rows.map(toAccount);
}

const numberBans = sql(
  'account.number-unsent-bans',
  `update user_account u set status_version = 1
   where u.id in (select id from user_account where banned and status_version = 0 limit $1 for update skip locked)
   returning ${accountColumns}`,
);

/** Gives their first version to bans that were never sent, at most `limit`, and returns these accounts. */
export async function numberUnsentBans(tx: Tx, limit: number): Promise<Account[]> {
  const { rows } = await tx.query<AccountRow>(numberBans([limit]));
  return rows.map(toAccount);
}
