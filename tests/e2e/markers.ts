import type { ServiceName } from '@tradepost/testing/deployment';
import type { TestDatabase } from '@tradepost/testing/postgres';

/** A column in which a marker was found. */
export type MarkedCell = { service: ServiceName; table: string; column: string; marker: string };

/**
 * Searches every column of every table in all databases, whatever its type: a value is read as text, so that JSON, arrays and bytes are
 * searched too. A table that is added is searched without a change here.
 */
export async function cellsWith(
  databases: Record<ServiceName, TestDatabase>,
  markers: readonly string[],
): Promise<MarkedCell[]> {
  // as: the keys of the record.
  const services = Object.keys(databases) as ServiceName[];
  return (await Promise.all(services.map((service) => cellsOf(service, databases[service], markers)))).flat();
}

async function cellsOf(
  service: ServiceName,
  { pool }: TestDatabase,
  markers: readonly string[],
): Promise<MarkedCell[]> {
  const columns = await pool.query<{ table: string; column: string; type: string }>({
    text: `select c.table_name as table, c.column_name as column, c.data_type as type from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and t.table_type = 'BASE TABLE'`,
  });
  const parts = columns.rows.map(({ table, column, type }) => {
    const text = type === 'bytea' ? `encode("${column}", 'escape')` : `"${column}"::text`;
    return `select '${table}' as table, '${column}' as column, marker from "${table}", unnest($1::text[]) as marker
      where position(lower(marker) in lower(${text})) > 0`;
  });
  const { rows } = await pool.query<Omit<MarkedCell, 'service'>>({
    text: `select distinct * from (${parts.join(' union all ')}) as found`,
    values: [markers],
  });
  return rows.map((row) => ({ service, ...row }));
}
