import { type Db, sql } from '@tradepost/postgres/db';
import type { Mail, MailStatus } from '../domain/mail.ts';
import { type MailRow, mailColumns, toMail } from './mail-rows.ts';

/** A mail that this instance sends until its lease ends, and whether nothing is sent to its address. */
export type LeasedMail = Mail & { isSuppressed: boolean };

const claim = sql(
  'mail.claim',
  `update mail m set status = 'sending', attempts = attempts + 1, due_at = $2
    where id = (select id from mail where status in ('due', 'sending') and due_at <= $1
      order by due_at limit 1 for update skip locked)
    returning ${mailColumns}, exists (select from suppression s where s.address = lower(m.recipient)) as suppressed`,
);

/**
 * Leases: claims the mail that has been due longest, until `leasedUntil`. When the instance is killed before it has recorded what became of
 * it, the lease ends and the mail is sent once more. Rows that another instance is claiming are skipped.
 */
export async function claimMail(db: Db, now: Date, leasedUntil: Date): Promise<LeasedMail | undefined> {
  const { rows } = await db.query<MailRow & { suppressed: boolean }>(claim([now, leasedUntil]));
  return rows.map((row) => ({ ...toMail(row), isSuppressed: row.suppressed }))[0];
}

const finish = sql(
  'mail.finish',
  `update mail set status = $3, last_problem = $4, finished_at = $5 where id = $1 and attempts = $2 and status = 'sending'`,
);
const defer = sql(
  'mail.defer',
  `update mail set status = 'due', last_problem = $3, due_at = $4 where id = $1 and attempts = $2 and status = 'sending'`,
);

/** Records what became of a mail, unless its lease ended and another instance has claimed it since. */
export async function finishMail(
  db: Db,
  { id, attempts }: Mail,
  result: { status: MailStatus; problem: string | null; now: Date },
): Promise<void> {
  await db.query(finish([id, attempts, result.status, result.problem, result.now]));
}

/** Makes a mail due again at `dueAt`, likewise. */
export async function deferMail(db: Db, { id, attempts }: Mail, o: { problem: string; dueAt: Date }): Promise<void> {
  await db.query(defer([id, attempts, o.problem, o.dueAt]));
}
