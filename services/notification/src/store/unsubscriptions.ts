import { type Db, sql, type Tx } from '@tradepost/postgres/db';
import { isOptional, type OptionalKind } from '../domain/optional-mails.ts';

const read = sql(
  'unsubscription.read',
  'select account_id as "accountId", kind from unsubscription where account_id = any($1::uuid[])',
);

/** The kinds of mails that accounts do not want, by account. */
export async function unsubscriptionsOf(
  db: Db,
  accountIds: readonly string[],
): Promise<ReadonlyMap<string, ReadonlySet<OptionalKind>>> {
  if (accountIds.length === 0) return new Map();
  const { rows } = await db.query<{ accountId: string; kind: string }>(read([accountIds]));
  const kinds = Map.groupBy(rows, ({ accountId }) => accountId);
  return new Map([...kinds].map(([id, found]) => [id, new Set(found.map(({ kind }) => kind).filter(isOptional))]));
}

const add = sql(
  'unsubscription.add',
  `insert into unsubscription (account_id, kind, unsubscribed_at) select $1, kind, $3 from unnest($2::text[]) as kind
    on conflict do nothing`,
);
const remove = sql(
  'unsubscription.remove',
  'delete from unsubscription where account_id = $1 and kind = any($2::text[])',
);
// Those that are being sent are on their way.
const withdraw = sql(
  'unsubscription.withdraw-mails',
  `update mail set status = 'withdrawn', finished_at = $3
    where account_id = $1 and kind = any($2::text[]) and status in ('due', 'waiting_for_address')`,
);

/** Notes that an account does not want mails of these kinds, and withdraws those that are to be sent. */
export async function unsubscribeFrom(
  tx: Tx,
  accountId: string,
  kinds: readonly OptionalKind[],
  now: Date,
): Promise<void> {
  if (kinds.length === 0) return;
  await tx.query(add([accountId, kinds, now]));
  await tx.query(withdraw([accountId, kinds, now]));
}

/** Notes that an account wants mails of these kinds. */
export async function subscribeTo(tx: Tx, accountId: string, kinds: readonly OptionalKind[]): Promise<void> {
  if (kinds.length > 0) await tx.query(remove([accountId, kinds]));
}
