import type { KeptData } from '@tradepost/contracts/erasure';
import { type Db, sql, type Tx } from '@tradepost/postgres/db';

/** What is to be erased: an account or a guest (`erasureId`), or an order of a guest, with the address that its mails went to, where it is known. */
export type Erasure = {
  id: string;
  erasureId: string | undefined;
  isGuest: boolean;
  contact: { email: string; name: string; locale?: string | undefined } | undefined;
};

const insert = sql(
  'erased-subject.insert',
  `insert into erased_subject as e (id, erasure_id, erased_at, is_unconfirmed)
    select id, erasure_id, $3, erasure_id is not null from unnest($1::uuid[], $2::uuid[]) as t(id, erasure_id)
    on conflict (id) do update set is_unconfirmed = e.erasure_id is not null
    returning id, (xmax = 0) as is_new`,
);

/** Notes what was erased, and returns what was not noted before. Of an account that was a new confirmation is due. */
export async function insertErasedSubjects(tx: Tx, erasures: readonly Erasure[], now: Date): Promise<Set<string>> {
  if (erasures.length === 0) return new Set();
  const values = [erasures.map(({ id }) => id), erasures.map(({ erasureId }) => erasureId ?? null), now];
  const { rows } = await tx.query<{ id: string; is_new: boolean }>(insert(values));
  return new Set(rows.flatMap((row) => (row.is_new ? [row.id] : [])));
}

const among = sql('erased-subject.among', 'select id from erased_subject where id = any($1::uuid[])');

/** Those of the accounts and orders that were erased. */
export async function erasedAmong(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const { rows } = await db.query<{ id: string }>(among([ids]));
  return new Set(rows.map(({ id }) => id));
}

const removal = sql(
  'erased-subject.remove-data',
  `with contacts as (delete from account_contact where account_id = any($1::uuid[]) returning 1),
    -- Mails to the seller of an order are the seller's.
    mails as (
      delete from mail where id not in (select last_mail_id from erased_subject where last_mail_id is not null) and (
        account_id = any($1::uuid[]) or order_id = any($1::uuid[]) and account_id is null or recipient = any($2::text[]))
        returning 1),
    suppressions as (delete from suppression where address = any($2::text[]) returning 1),
    unsubscriptions as (delete from unsubscription where account_id = any($1::uuid[]) returning 1),
    letters as (
      delete from dead_letter where event->>'subject' = any($1::text[]) or event->'data'->>'accountId' = any($1::text[])
        or event->'data'->>'customerId' = any($1::text[]) returning 1)
    select (select count(*) from contacts) + (select count(*) from mails) + (select count(*) from suppressions)
      + (select count(*) from unsubscriptions) + (select count(*) from letters) as count`,
);

/** Removes all that is held of accounts, orders of guests and addresses, but the mail that confirms an erasure; returns how much. */
export async function removeData(tx: Tx, ids: readonly string[], addresses: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rows } = await tx.query<{ count: number }>(removal([ids, addresses]));
  return Number(rows[0]?.count ?? 0);
}

const setLastMail = sql('erased-subject.set-last-mail', 'update erased_subject set last_mail_id = $2 where id = $1');

/** Says which mail confirms the erasure of an account. */
export async function setLastMailId(tx: Tx, accountId: string, mailId: string): Promise<void> {
  await tx.query(setLastMail([accountId, mailId]));
}

const recent = sql(
  'erased-subject.recent',
  `select id from erased_subject where erased_at > $1::timestamptz - interval '2 hours' order by id limit 500`,
);

/** What was erased in the last two hours. */
export async function recentlyErased(db: Db, now: Date): Promise<string[]> {
  return (await db.query<{ id: string }>(recent([now]))).rows.map(({ id }) => id);
}

// A mail that is removed by age or by an operator counts as sent.
const finishLastMails = sql(
  'erased-subject.finish-last-mails',
  `with done as (
      select e.id, e.last_mail_id, m.recipient from erased_subject e left join mail m on m.id = e.last_mail_id
        where e.last_mail_id is not null and (m.id is null or m.status not in ('due', 'sending', 'waiting_for_address'))
        order by e.id limit 100 for update of e skip locked),
    mails as (delete from mail where id in (select last_mail_id from done)),
    suppressions as (delete from suppression where address in (select lower(recipient) from done))
    update erased_subject set last_mail_id = null, is_unconfirmed = true where id in (select id from done)`,
);

/** Removes mails that confirm an erasure once they are sent, or given up, with their addresses; returns how many. */
export async function removeLastMails(tx: Tx): Promise<number> {
  return (await tx.query(finishLastMails())).rowCount;
}

const take = sql(
  'erased-subject.take-unconfirmed',
  `update erased_subject set is_unconfirmed = false, version = version + 1
    where id in (select id from erased_subject where is_unconfirmed order by id limit 50 for update skip locked)
    returning id as "accountId", erasure_id as "erasureId", version, last_mail_id`,
);

export type DueConfirmation = { accountId: string; erasureId: string; version: number; kept: KeptData[] };

/** Takes erasures of accounts that are to be confirmed, and tells what is kept of each. */
export async function takeUnconfirmed(tx: Tx): Promise<DueConfirmation[]> {
  const { rows } = await tx.query<Omit<DueConfirmation, 'kept'> & { last_mail_id: string | null }>(take());
  return rows.map(({ last_mail_id: lastMailId, ...row }) => ({
    ...row,
    kept: lastMailId === null ? [] : ['last_mail'],
  }));
}
