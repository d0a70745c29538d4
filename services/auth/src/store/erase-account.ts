import { sql, type Tx } from '@tradepost/postgres/db';

const lockAdmins = sql(
  'account.lock-admins',
  `select id from user_account where role = 'admin' and not banned order by id for update`,
);

/** The admins who may sign in, locked in the order of their ids: of two who are erased at once, the second sees the first gone. */
export async function lockActiveAdmins(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(lockAdmins());
  return rows.map(({ id }) => id);
}

// Everything that refers to the account goes with it, by `on delete cascade`; services/auth/test/erasure.test.ts refuses a table that
// refers to it in another way.
const remove = sql('account.delete', 'delete from user_account where id = $1');
const unpublished = sql(
  'account.delete-unpublished',
  `delete from outbox where event->>'subject' = $1
     and event->>'type' in ('account.created.v1', 'account.contact-changed.v1', 'account.mail-requested.v1')`,
);

const invited = sql('invitation.delete-of-address', 'delete from invitation where email = lower($1)');

/** Deletes the invitations of an address. */
export async function deleteInvitations(tx: Tx, email: string): Promise<void> {
  await tx.query(invited([email]));
}

/** Deletes the account with all that refers to it, invitations to its address, and events with its name or address that have not been published. */
export async function deleteAccount(tx: Tx, { id, email }: { id: string; email: string }): Promise<void> {
  await deleteInvitations(tx, email);
  await tx.query(remove([id]));
  await tx.query(unpublished([id]));
}
