import type { Role } from '@tradepost/contracts/roles';
import { type Db, type Statement, sql, type Tx } from '@tradepost/postgres/db';
import { type RoleChoice, staffRoleColumns } from './staff-roles.ts';

/** Somebody who is asked to work in the shop. It is deleted when it is accepted or withdrawn. */
export type Invitation = {
  id: string;
  email: string;
  choice: RoleChoice;
  /** The operator. */
  invitedBy: string;
  invitedByName: string;
  createdAt: Date;
  sentAt: Date;
  expiresAt: Date;
};

type Row = {
  id: string;
  email: string;
  role: Role;
  staff_role: string | null;
  invited_by: string;
  invited_by_name: string;
  created_at: Date;
  sent_at: Date;
  expires_at: Date;
};

const columns = `i.id, i.email, i.role, coalesce(i.ready_made_role, i.staff_role_id::text) as staff_role, i.invited_by,
  (select u.name from user_account u where u.id = i.invited_by) as invited_by_name, i.created_at, i.sent_at, i.expires_at`;

const toInvitation = (row: Row): Invitation => ({
  id: row.id,
  email: row.email,
  choice: { role: row.role, staffRole: row.staff_role ?? undefined },
  invitedBy: row.invited_by,
  invitedByName: row.invited_by_name,
  createdAt: row.created_at,
  sentAt: row.sent_at,
  expiresAt: row.expires_at,
});

async function queryInvitation(db: Db, statement: Statement): Promise<Invitation | undefined> {
  const { rows } = await db.query<Row>(statement);
  return rows[0] && toInvitation(rows[0]);
}

const insert = sql(
  'invitation.put',
  `insert into invitation as i (id, email, role, ready_made_role, staff_role_id, token_hash, invited_by, sent_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
   on conflict (email) do update set role = excluded.role, ready_made_role = excluded.ready_made_role,
     staff_role_id = excluded.staff_role_id, token_hash = excluded.token_hash, invited_by = excluded.invited_by,
     sent_at = excluded.sent_at, expires_at = excluded.expires_at
   returning ${columns}`,
);

export type NewInvitation = Pick<Invitation, 'id' | 'email' | 'choice' | 'invitedBy' | 'sentAt' | 'expiresAt'> & {
  tokenHash: string;
};

/** Writes an invitation. An address has one: another takes its place, and with it the link of the first is no longer good. */
export async function putInvitation(tx: Tx, one: NewInvitation): Promise<Invitation> {
  const { readyMadeRole, staffRoleId } = staffRoleColumns(one.choice.staffRole);
  const values = [one.id, one.email, one.choice.role, readyMadeRole, staffRoleId, one.tokenHash, one.invitedBy];
  const stored = await queryInvitation(tx, insert([...values, one.sentAt, one.expiresAt]));
  if (!stored) throw new Error('An insert returned no row');
  return stored;
}

const byId = sql('invitation.by-id', `select ${columns} from invitation i where i.id = $1`);
const byToken = sql(
  'invitation.by-token',
  `select ${columns} from invitation i where i.token_hash = $1 and i.expires_at > now()`,
);
const page = sql(
  'invitation.page',
  `select ${columns} from invitation i where $1::uuid is null or i.id < $1 order by i.id desc limit $2`,
);

export function invitationById(db: Db, id: string): Promise<Invitation | undefined> {
  return queryInvitation(db, byId([id]));
}

/** The invitation of a token, if it is still good. */
export function invitationByToken(db: Db, tokenHash: string): Promise<Invitation | undefined> {
  return queryInvitation(db, byToken([tokenHash]));
}

/** Invitations, newest first, after `before`; those too that have expired. */
export async function pageOfInvitations(
  db: Db,
  o: { before: string | undefined; limit: number },
): Promise<Invitation[]> {
  const { rows } = await db.query<Row>(page([o.before ?? null, o.limit]));
  return rows.map(toInvitation);
}

const remove = sql('invitation.delete', 'delete from invitation where id = $1');

/** False if there is none. */
export async function deleteInvitation(tx: Tx, id: string): Promise<boolean> {
  return (await tx.query(remove([id]))).rowCount === 1;
}

const removeOld = sql(
  'invitation.remove-old',
  `delete from invitation where id in (
     select id from invitation where expires_at < now() - interval '30 days' order by expires_at limit $1
     for update skip locked
   )`,
);

/** Removes invitations that expired a month ago, at most `limit`, and returns how many. */
export async function removeOldInvitations(db: Db, limit: number): Promise<number> {
  return (await db.query(removeOld([limit]))).rowCount;
}
