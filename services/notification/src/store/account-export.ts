import { type Db, sql } from '@tradepost/postgres/db';

const read = sql(
  'account-export.read',
  `select
    (select json_build_object('email', c.email, 'name', c.name, 'locale', c.locale) from account_contact c where c.account_id = $1) as contact,
    (select coalesce(json_agg(json_build_object('id', m.id, 'kind', m.kind, 'to', m.recipient, 'name', m.recipient_name,
        'locale', m.locale, 'status', m.status, 'orderId', m.order_id, 'createdAt', m.created_at, 'finishedAt', m.finished_at)
        order by m.id), '[]') from mail m where m.account_id = $1) as mails,
    (select coalesce(json_agg(json_build_object('address', s.address, 'reason', s.reason, 'createdAt', s.created_at)), '[]')
      from suppression s join account_contact c on s.address = c.email where c.account_id = $1) as suppressions,
    (select coalesce(json_agg(json_build_object('kind', u.kind, 'since', u.unsubscribed_at) order by u.kind), '[]')
      from unsubscription u where u.account_id = $1) as unsubscriptions`,
);

/** All that `notification` holds of an account. */
export async function readAccountData(db: Db, accountId: string): Promise<Record<string, unknown>> {
  return (await db.query<Record<string, unknown>>(read([accountId]))).rows[0] ?? {};
}
