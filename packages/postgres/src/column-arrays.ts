/** A column's PostgreSQL type, and its value in one row. */
export type Column<Row> = readonly [type: string, value: (row: Row) => unknown];

/** Rows that one statement takes as one array for each column. */
export type ColumnArrays<Row> = {
  /** How many parameters the rows take. */
  readonly count: number;
  /** `unnest($3::uuid[], $4::text[]) as t(id, sku)`, with the number of the first parameter (1). */
  unnest(alias: string, firstParameter?: number): string;
  /** The parameters for `unnest`, in its order. */
  values(rows: readonly Row[]): unknown[][];
};

/**
 * Declares rows by named columns, so that a value cannot end up in another column of the same type:
 * `const lines = columnArrays<Line>({ sku: ['text', (line) => line.sku] })`. Many rows in one statement with a fixed number of
 * parameters can be prepared once. Names and types become SQL text: they must be constants, never input.
 */
export function columnArrays<Row>(columns: Record<string, Column<Row>>): ColumnArrays<Row> {
  const entries = Object.entries(columns);
  const names = entries.map(([name]) => name).join(', ');
  return {
    count: entries.length,
    unnest: (alias, firstParameter = 1) =>
      `unnest(${entries.map(([, [type]], i) => `$${firstParameter + i}::${type}[]`).join(', ')}) as ${alias}(${names})`,
    values: (rows) => entries.map(([, [, value]]) => rows.map(value)),
  };
}
