import type { Locale } from '@tradepost/contracts/locales';
import { columnArrays } from '@tradepost/postgres/column-arrays';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { uuidv7Floor } from '@tradepost/postgres/uuid';
import type { Mail, MailStatus, NewMail } from '../domain/mail.ts';
import type { Contact } from './contacts.ts';
import type { LeasedMail } from './mail-leases.ts';
import { type LeasedRow, type MailRow, mailColumns, suppressedColumn, toLeasedMail, toMail } from './mail-rows.ts';

/** A mail as it is first stored: without a recipient it waits for the address of its account. */
export type MailToStore = Omit<NewMail, 'to' | 'locale'> & {
  id: string;
  locale: Locale;
  recipient: { email: string; name: string } | undefined;
  status: MailStatus;
  resentFrom?: string;
  /** There for a mail that is due and that this instance sends itself, by then. */
  leasedUntil?: Date | undefined;
};

const columns = columnArrays<MailToStore>({
  id: ['uuid', ({ id }) => id],
  cause: ['text', ({ cause }) => cause],
  kind: ['text', ({ content }) => content.kind],
  locale: ['text', ({ locale }) => locale],
  order_id: ['uuid', ({ orderId }) => orderId ?? null],
  account_id: ['uuid', ({ accountId }) => accountId ?? null],
  recipient: ['text', ({ recipient }) => recipient?.email ?? null],
  recipient_name: ['text', ({ recipient }) => recipient?.name ?? ''],
  data: ['text', ({ content }) => JSON.stringify(content)],
  status: ['text', ({ status, leasedUntil }) => (leasedUntil ? 'sending' : status)],
  due_at: ['timestamptz', ({ dueAt, leasedUntil }) => leasedUntil ?? dueAt],
  attempts: ['int', ({ leasedUntil }) => (leasedUntil ? 1 : 0)],
  expires_at: ['timestamptz', ({ expiresAt }) => expiresAt ?? null],
  resent_from: ['uuid', ({ resentFrom }) => resentFrom ?? null],
});
const insert = sql(
  'mail.insert',
  `insert into mail as m (id, cause, kind, locale, order_id, account_id, recipient, recipient_name, data, status, due_at, attempts, expires_at,
      resent_from, created_at)
    select id, cause, kind, locale, order_id, account_id, recipient, recipient_name, data::json, status, due_at, attempts, expires_at,
      resent_from, $${columns.count + 1}
    from ${columns.unnest('t')} on conflict (cause) do nothing
    returning ${mailColumns}, ${suppressedColumn}`,
);

/** Stores mails, each unless there is one for its cause already, and returns those that are new. */
export async function insertMails(tx: Tx, mails: readonly MailToStore[], now: Date): Promise<LeasedMail[]> {
  if (mails.length === 0) return [];
  return (await tx.query<LeasedRow>(insert([...columns.values(mails), now]))).rows.map(toLeasedMail);
}

const release = sql(
  'mail.release',
  `update mail m set recipient = c.email, recipient_name = c.name, locale = coalesce(c.locale, m.locale), status = 'due'
    from account_contact c
    where m.account_id = c.account_id and m.status = 'waiting_for_address' and c.account_id = any($1::uuid[])`,
);

/** Makes mails due that waited for the addresses of these accounts, and returns how many. */
export async function releaseMails(tx: Tx, contacts: readonly Contact[]): Promise<number> {
  if (contacts.length === 0) return 0;
  return (await tx.query(release([contacts.map(({ accountId }) => accountId)]))).rowCount;
}

const byId = sql('mail.by-id', `select ${mailColumns} from mail where id = $1`);
const byCause = sql('mail.by-cause', `select ${mailColumns} from mail where cause = $1`);

export async function mailById(db: Db, id: string): Promise<Mail | undefined> {
  return (await db.query<MailRow>(byId([id]))).rows.map(toMail)[0];
}

export async function mailByCause(db: Db, cause: string): Promise<Mail | undefined> {
  return (await db.query<MailRow>(byCause([cause]))).rows.map(toMail)[0];
}

const report = sql(
  'mail.note-report',
  `update mail set last_problem = $3, status = case when $2 and status = 'sent' then 'bounced' else status end
    where id = $1 and status not in ('due', 'sending')`,
);

/** Notes what was reported of a mail after it was sent; a mail that is to be sent once more is left as it is. */
export async function noteReport(tx: Tx, id: string, o: { isBounced: boolean; detail: string }): Promise<void> {
  await tx.query(report([id, o.isBounced, o.detail]));
}

export type MailFilter = {
  orderId?: string | undefined;
  accountId?: string | undefined;
  to?: string | undefined;
  status?: MailStatus | undefined;
};

/** Mails newest first, those with an id below `before`. Conditions are put together, so that each uses its own index. */
export async function listMails(
  db: Db,
  { orderId, accountId, to, status }: MailFilter,
  { before, limit }: { before: string | null; limit: number },
): Promise<Mail[]> {
  const values: unknown[] = [limit];
  const conditions = (
    [
      ['order_id =', orderId],
      ['account_id =', accountId],
      ['recipient =', to],
      ['status =', status],
      ['id <', before ?? undefined],
    ] as const
  ).flatMap(([condition, value]) => (value === undefined ? [] : [`${condition} $${values.push(value)}`]));
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const text = `select ${mailColumns} from mail ${where} order by id desc limit $1`;
  return (await db.query<MailRow>({ text, values })).rows.map(toMail);
}

const remove = sql(
  'mail.remove',
  'delete from mail where id in (select id from mail where id < $1 order by id limit $2)',
);

/** Removes mails that were written before `before`, at most `limit`, and returns how many. */
export async function removeMails(db: Db, before: Date, limit: number): Promise<number> {
  return (await db.query(remove([uuidv7Floor(before), limit]))).rowCount;
}

const figures = sql(
  'mail.figures',
  `select
    (select count(*)::int from mail where status in ('due', 'sending') and attempts = 0) as due,
    (select count(*)::int from mail where status in ('due', 'sending') and attempts > 0) as retrying,
    (select count(*)::int from mail where status = 'waiting_for_address') as waiting,
    (select count(*)::int from mail where status = 'failed') as failed,
    (select coalesce(extract(epoch from $1::timestamptz - min(due_at)), 0)::float8
      from mail where status = 'due' and due_at < $1) as "oldestDueSeconds"`,
);

export type MailFigures = { due: number; retrying: number; waiting: number; failed: number; oldestDueSeconds: number };

/** How many mails are not finished, and for how long the oldest of those that are due now has been so. */
export async function mailFigures(db: Db, now: Date): Promise<MailFigures> {
  const [row] = (await db.query<MailFigures>(figures([now]))).rows;
  if (!row) throw new Error('The figures of mails have no row');
  return row;
}
