import { type Db, sql } from '@tradepost/postgres/db';
import { uuidv7Floor } from '@tradepost/postgres/uuid';
import type { AuditEntry } from '../domain/audit-entry.ts';

const insert = sql(
  'audit_entry.insert',
  `insert into audit_entry (id, at, account_id, role, method, route, path, status, request_id, address, user_agent,
                            trace_id, operator_id)
   select * from unnest($1::uuid[], $2::timestamptz[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
                        $8::smallint[], $9::text[], $10::inet[], $11::text[], $12::text[], $13::uuid[])
   on conflict (id) do nothing`,
);

/** Writes entries; one that is there already is left as it is. */
export async function insertAuditEntries(db: Db, entries: readonly AuditEntry[]): Promise<void> {
  await db.query(
    insert([
      entries.map((entry) => entry.id),
      entries.map((entry) => entry.at),
      entries.map((entry) => entry.accountId),
      entries.map((entry) => entry.role),
      entries.map((entry) => entry.method),
      entries.map((entry) => entry.route),
      entries.map((entry) => entry.path),
      entries.map((entry) => entry.status),
      entries.map((entry) => entry.requestId),
      entries.map((entry) => entry.address),
      entries.map((entry) => entry.userAgent),
      entries.map((entry) => entry.traceId),
      entries.map((entry) => entry.operatorId),
    ]),
  );
}

export type AuditFilter = {
  accountId: string | undefined;
  pathPrefix: string | undefined;
  traceId: string | undefined;
  from: string | undefined;
  to: string | undefined;
  /** The id of the last entry of the page before. */
  before: string | undefined;
  limit: number;
};

type AuditRow = {
  id: string;
  at: Date;
  account_id: string | null;
  role: string | null;
  method: string;
  route: string;
  path: string;
  status: number;
  request_id: string;
  address: string | null;
  user_agent: string | null;
  trace_id: string | null;
  operator_id: string | null;
};

const columns =
  'id, at, account_id, role, method, route, path, status, request_id, host(address) as address, user_agent, trace_id, operator_id';

/** Entries, the newest first. Ids are in the order of time, so they are what is paged by. */
export async function findAuditEntries(db: Db, filter: AuditFilter): Promise<AuditEntry[]> {
  const values: unknown[] = [filter.limit];
  const conditions: string[] = [];
  const where = (condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
  };
  if (filter.accountId !== undefined) {
    values.push(filter.accountId);
    conditions.push(`(account_id = $${values.length} or operator_id = $${values.length})`);
  }
  where("path like ? || '%'", filter.pathPrefix?.replace(/[\\%_]/g, '\\$&'));
  where('trace_id = ?', filter.traceId);
  where('at >= ?', filter.from);
  where('at < ?', filter.to);
  // The index is that of the ids, which are made together with `at`.
  where('id >= ?', idBound(filter.from, -1));
  where('id < ?', idBound(filter.to, 1));
  where('id < ?', filter.before);
  const { rows } = await db.query<AuditRow>({
    text: `select ${columns} from audit_entry
           ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''} order by id desc limit $1`,
    values,
  });
  return rows.map((row) => ({
    id: row.id,
    at: row.at,
    accountId: row.account_id,
    role: row.role,
    method: row.method,
    route: row.route,
    path: row.path,
    status: row.status,
    requestId: row.request_id,
    address: row.address,
    userAgent: row.user_agent,
    traceId: row.trace_id,
    operatorId: row.operator_id,
  }));
}

/** Ids of that moment, so many seconds later. A time before 1970 has the first id of all, and one that `Date` does not know (a leap second) no bound. */
function idBound(time: string | undefined, seconds: number): string | undefined {
  const at = time === undefined ? Number.NaN : Date.parse(time) + seconds * 1000;
  return Number.isNaN(at) ? undefined : uuidv7Floor(new Date(Math.max(0, at)));
}

const deleteOld = sql(
  'audit_entry.delete_old',
  `delete from audit_entry where id in (select id from audit_entry where id < $1 order by id limit $2)`,
);

/** Deletes up to `limit` entries from before `before`; returns how many. */
export async function deleteAuditEntries(db: Db, before: Date, limit: number): Promise<number> {
  const { rowCount } = await db.query(deleteOld([uuidv7Floor(before), limit]));
  return rowCount;
}
