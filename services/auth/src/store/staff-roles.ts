import { isPermission, isReadyMadeRole, type Permission } from '@tradepost/contracts/permissions';
import type { Role } from '@tradepost/contracts/roles';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** A role, and for `staff` the id of the staff role. */
export type RoleChoice = { role: Role; staffRole?: string | undefined };

/** A staff role of the shop's own. */
export type CustomRole = {
  id: string;
  name: string;
  permissions: readonly Permission[];
  /** How many accounts have it. */
  holders: number;
};

/** The columns of a table that hold the id of a staff role. */
export function staffRoleColumns(id: string | undefined): { readyMadeRole: string | null; staffRoleId: string | null } {
  if (id === undefined) return { readyMadeRole: null, staffRoleId: null };
  return isReadyMadeRole(id) ? { readyMadeRole: id, staffRoleId: null } : { readyMadeRole: null, staffRoleId: id };
}

/**
 * Every change of who may do what takes this lock first, and reads what it decides on afterwards: roles, assignments, suspensions and
 * invitations change seldom, and one at a time they can neither overtake nor wait for one another in a circle.
 */
const lock = sql('staff.lock', `select pg_advisory_xact_lock(hashtextextended('tradepost.staff', 0))`);

export async function lockStaff(tx: Tx): Promise<void> {
  await tx.query(lock([]));
}

type Row = { id: string; name: string; permissions: string[]; holders: number };

const columns = `r.id, r.name, r.permissions,
  (select count(*) from user_account u where u.staff_role_id = r.id and u.role = 'staff')::int as holders`;
const all = sql('staff-role.all', `select ${columns} from staff_role r order by lower(r.name)`);
const byId = sql('staff-role.by-id', `select ${columns} from staff_role r where r.id = $1`);

const toCustomRole = (row: Row): CustomRole => ({ ...row, permissions: row.permissions.filter(isPermission) });

export async function customRoles(db: Db): Promise<CustomRole[]> {
  const { rows } = await db.query<Row>(all([]));
  return rows.map(toCustomRole);
}

export async function customRole(db: Db, id: string): Promise<CustomRole | undefined> {
  const { rows } = await db.query<Row>(byId([id]));
  return rows[0] && toCustomRole(rows[0]);
}

const readyMade = sql(
  'staff-role.holders-of-ready-made',
  `select ready_made_role as id, count(*)::int as holders from user_account
   where role = 'staff' and ready_made_role is not null group by ready_made_role`,
);

/** How many accounts have each ready-made role. */
export async function holdersOfReadyMadeRoles(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ id: string; holders: number }>(readyMade([]));
  return new Map(rows.map(({ id, holders }) => [id, holders]));
}

const upsert = sql(
  'staff-role.upsert',
  `insert into staff_role (id, name, permissions) values ($1, $2, $3::text[])
   on conflict (id) do update set name = excluded.name, permissions = excluded.permissions, updated_at = now()`,
);

/** Writes a staff role. Throws a unique violation if another one has the name. */
export async function putCustomRole(tx: Tx, role: Pick<CustomRole, 'id' | 'name' | 'permissions'>): Promise<void> {
  await tx.query(upsert([role.id, role.name, [...role.permissions]]));
}

const nameTaken = sql('staff-role.name-taken', 'select from staff_role where lower(name) = lower($2) and id <> $1');

export async function isNameTaken(tx: Tx, id: string, name: string): Promise<boolean> {
  return (await tx.query(nameTaken([id, name]))).rowCount > 0;
}

const holderIds = sql(
  'staff-role.holder-ids',
  `select id from user_account where staff_role_id = $1 and role = 'staff' order by id`,
);

export async function holdersOf(tx: Tx, id: string): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(holderIds([id]));
  return rows.map((row) => row.id);
}

const isGiven = sql('staff-role.is-invited', 'select from invitation where staff_role_id = $1 limit 1');

/** Whether an invitation gives the role. */
export async function isInvited(tx: Tx, id: string): Promise<boolean> {
  return (await tx.query(isGiven([id]))).rowCount > 0;
}

/** What accounts of another role still name was left there by the version before. */
const forget = sql(
  'staff-role.forget',
  `update user_account set staff_role_id = null where staff_role_id = $1 and role <> 'staff'`,
);
const remove = sql('staff-role.delete', 'delete from staff_role where id = $1');

export async function deleteCustomRole(tx: Tx, id: string): Promise<void> {
  await tx.query(forget([id]));
  await tx.query(remove([id]));
}

const touch = sql(
  'staff-role.touch-holders',
  `update user_account set status_version = status_version + 1, updated_at = now() where id = any($1::uuid[])`,
);

/** Gives the status of these accounts another version: what they may do has changed. */
export async function raiseStatusVersions(tx: Tx, accountIds: readonly string[]): Promise<void> {
  await tx.query(touch([accountIds]));
}
