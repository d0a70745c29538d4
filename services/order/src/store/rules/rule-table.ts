import type { Db, Tx } from '@tradepost/postgres/db';

/** A rule as it is stored; its version rises by one with each change. */
export type Versioned<Rule> = Rule & { version: number };

/** A table of pricing rules that operators change one by one. */
export type RuleTable<Rule extends { id: string }, Stored extends Versioned<Rule> = Versioned<Rule>> = {
  all(db: Db): Promise<Stored[]>;
  find(db: Db, id: string): Promise<Stored | null>;
  /** Inserts the rule, or replaces the one with its id. */
  put(tx: Tx, rule: Rule): Promise<Stored>;
  remove(tx: Tx, id: string): Promise<void>;
};

type TableShape<Rule, Row, Stored> = {
  table: string;
  /** What is written, by column, without the id. */
  values: (rule: Rule) => Record<string, unknown>;
  /** The columns of `values`, in its order. */
  columns: readonly string[];
  /** Columns that are written once, with the SQL of their values. */
  once?: Readonly<Record<string, string>>;
  /** Columns that others write. */
  read?: readonly string[];
  orderBy: string;
  fromRow: (row: Row) => Stored;
};

/** Makes the statements of a table of rules. The names of table and columns are written in the code, not by users. */
export function ruleTable<Rule extends { id: string }, Row, Stored extends Versioned<Rule> = Versioned<Rule>>(
  shape: TableShape<Rule, Row, Stored>,
): RuleTable<Rule, Stored> {
  const { table, columns, values, once = {}, read = [], orderBy, fromRow } = shape;
  const all = ['id', 'version', ...columns, ...Object.keys(once), ...read].join(', ');
  const places = columns.map((_, index) => `$${index + 2}`);
  const put = `insert into ${table} as t (${['id', ...columns, ...Object.keys(once)].join(', ')})
    values (${['$1', ...places, ...Object.values(once)].join(', ')})
    on conflict (id) do update set version = t.version + 1, ${columns.map((one) => `${one} = excluded.${one}`).join(', ')}
    returning ${all}`;
  return {
    async all(db) {
      const text = `select ${all} from ${table} order by ${orderBy}`;
      const { rows } = await db.query<Row>({ name: `${table}.all`, text });
      return rows.map(fromRow);
    },
    async find(db, id) {
      const text = `select ${all} from ${table} where id = $1`;
      const { rows } = await db.query<Row>({ name: `${table}.find`, text, values: [id] });
      return rows[0] ? fromRow(rows[0]) : null;
    },
    async put(tx, rule) {
      const written = values(rule);
      const { rows } = await tx.query<Row>({
        name: `${table}.put`,
        text: put,
        values: [rule.id, ...columns.map((one) => written[one])],
      });
      const [row] = rows;
      if (!row) throw new Error(`Nothing was written to ${table}`);
      return fromRow(row);
    },
    async remove(tx, id) {
      await tx.query({ name: `${table}.remove`, text: `delete from ${table} where id = $1`, values: [id] });
    },
  };
}
