import { sql, type Tx } from '@tradepost/postgres/db';

// PostgreSQL's advisory locks, one for each order and account. Without them two instances that handle events of one order at the same time
// would not see what the other writes: the address would come and the mail would still wait for it.
const lock = sql(
  'subject.lock',
  `select pg_advisory_xact_lock(key) from
    (select distinct hashtextextended('mails of ' || id, 0) as key from unnest($1::text[]) as id order by key) as k`,
);

/** Has the next statement wait for other transactions about these orders and accounts, and makes others wait until this one ends. */
export function lockSubjects(tx: Tx, ids: readonly string[]): void {
  tx.queue(lock([ids]));
}
