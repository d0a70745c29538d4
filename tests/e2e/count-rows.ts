import { serviceNames } from '@tradepost/testing/deployment';
import { settled } from './audit.ts';
import type { Shop } from './shop.ts';

/**
 * How many rows there are of everything that a request might write, the audit trail of the requests aside. What requests have set off, such
 * as mails, is written by then.
 */
export async function countRows(shop: Shop): Promise<Record<string, number>> {
  await settled(shop.books);
  const counts: Record<string, number> = {};
  for (const name of serviceNames.filter((service) => service !== 'api-gateway')) {
    const { pool } = shop.databases[name];
    const tables = await pool.query<{ name: string }>({
      text: `select table_name as name from information_schema.tables
        where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('inbox', 'outbox', 'attempt')`,
    });
    for (const table of tables.rows) {
      const { rows } = await pool.query<{ n: number }>({ text: `select count(*)::int as n from ${table.name}` });
      counts[`${name}.${table.name}`] = rows[0]?.n ?? -1;
    }
  }
  return counts;
}
