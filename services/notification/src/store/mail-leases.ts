import { createBatcher } from '@tradepost/postgres/batch';
import { type Db, sql } from '@tradepost/postgres/db';
import type { Mail, MailStatus } from '../domain/mail.ts';
import { type LeasedRow, mailColumns, suppressedColumn, toLeasedMail } from './mail-rows.ts';

/** A mail that this instance sends until its lease ends, and whether nothing is sent to its address. */
export type LeasedMail = Mail & { isSuppressed: boolean };

/** What became of a mail. */
export type MailResult = { status: MailStatus; problem: string | null; now: Date };

/**
 * Leases of mails. When the instance is killed before it has recorded what became of a mail, the lease ends and the mail is sent once more.
 * What is claimed, or recorded, at the same time shares a statement; each mail has a lease of its own all the same.
 */
export type MailLeases = {
  /** Claims the mail that has been due longest, until `leasedUntil`. Rows that another instance is claiming are skipped. */
  claim(now: Date, leasedUntil: Date): Promise<LeasedMail | undefined>;
  /** Records what became of a mail, unless its lease ended and another instance has claimed it since. */
  finish(mail: Mail, result: MailResult): Promise<void>;
};

const claim = sql(
  'mail.claim',
  `update mail m set status = 'sending', attempts = attempts + 1, due_at = $2
    where id in (select id from mail where status in ('due', 'sending') and due_at <= $1
      order by due_at limit $3 for update skip locked)
    returning ${mailColumns}, ${suppressedColumn}`,
);

const finish = sql(
  'mail.finish',
  `update mail m set status = t.status, last_problem = t.problem, finished_at = t.at
    from unnest($1::uuid[], $2::int[], $3::text[], $4::text[], $5::timestamptz[]) as t(id, attempts, status, problem, at)
    where m.id = t.id and m.attempts = t.attempts and m.status = 'sending'`,
);

export function createMailLeases(db: Db): MailLeases {
  const claimBatch = createBatcher(async (claims: readonly { now: Date; leasedUntil: Date }[]) => {
    const { now, leasedUntil } = claims[0] ?? {};
    const { rows } = await db.query<LeasedRow>(claim([now, leasedUntil, claims.length]));
    return claims.map((_, n) => rows[n]);
  });
  const finishBatch = createBatcher(async (finished: readonly { mail: Mail; result: MailResult }[]) => {
    await db.query(
      finish([
        finished.map(({ mail }) => mail.id),
        finished.map(({ mail }) => mail.attempts),
        finished.map(({ result }) => result.status),
        finished.map(({ result }) => result.problem),
        finished.map(({ result }) => result.now),
      ]),
    );
    return finished.map(() => undefined);
  });
  return {
    claim: async (now, leasedUntil) => {
      const row = await claimBatch({ now, leasedUntil });
      return row && toLeasedMail(row);
    },
    finish: (mail, result) => finishBatch({ mail, result }),
  };
}

const defer = sql(
  'mail.defer',
  `update mail set status = 'due', last_problem = $3, due_at = $4 where id = $1 and attempts = $2 and status = 'sending'`,
);

/** Makes a mail due again at `dueAt`, unless its lease ended and another instance has claimed it since. */
export async function deferMail(db: Db, { id, attempts }: Mail, o: { problem: string; dueAt: Date }): Promise<void> {
  await db.query(defer([id, attempts, o.problem, o.dueAt]));
}

const release = sql(
  'mail.release-leases',
  `update mail m set status = 'due', due_at = m.created_at, attempts = m.attempts - 1
    from unnest($1::uuid[], $2::int[]) as t(id, attempts)
    where m.id = t.id and m.attempts = t.attempts and m.status = 'sending'`,
);

/** Gives back leases of mails whose sending has not begun. */
export async function releaseLeases(db: Db, mails: readonly LeasedMail[]): Promise<void> {
  if (mails.length === 0) return;
  await db.query(release([mails.map(({ id }) => id), mails.map(({ attempts }) => attempts)]));
}
