/** One SQL statement. With a `name` the server parses and plans it once per connection. */
export type Statement = {
  name?: string;
  text: string;
  values?: readonly unknown[];
  /** `array`: rows come as arrays of columns, which costs less than objects. */
  rowMode?: 'array';
  /** It writes to the outbox, so that there is something to publish after its commit. `sql` knows it by the text. */
  writesOutbox?: boolean;
  /**
   * Outside of a transaction, too, the server keeps one plan for all values. Otherwise it plans anew for each short list of keys, which costs
   * as much as a small statement itself. For statements that work by key, and not for those whose best plan depends on the values.
   */
  genericPlan?: boolean;
};

/** What a statement came to: pg's result, as far as we use it. */
export type Result<Row> = { rows: Row[]; rowCount: number; command: string };

/** What every store function takes first: a pool or a transaction. */
export type Db = {
  /**
   * Runs one statement. `Row` is what the caller says the columns are; `rowCount` is 0 for statements that count nothing.
   * Throws `pg.DatabaseError` for what PostgreSQL refuses and `DatabaseUnavailable` (`unavailable.ts`) for a lost connection.
   */
  query<Row>(statement: Statement): Promise<{ rows: Row[]; rowCount: number }>;
};

/** A `Db` inside a transaction. */
export type Tx = Db & {
  readonly tx: true;
  /** True once it has written to the outbox. */
  hasEvents(): boolean;
  /**
   * Sends statements in one flight and answers their results. They run one after the other, each on a snapshot of its own, and none runs
   * after one that failed.
   */
  queryTogether<Rows extends readonly unknown[]>(
    ...statements: { [I in keyof Rows]: Statement }
  ): Promise<{ [I in keyof Rows]: { rows: Rows[I][]; rowCount: number } }>;
  /**
   * Sends a statement whose result nobody needs together with the next one or with the commit. It runs in its turn; what it throws
   * comes from there. A statement that must not pass unnoticed has to fail.
   */
  queue(statement: Statement): void;
  /** Runs `fn` after the transaction has committed, and not at all if it does not. What `fn` throws is logged. */
  onCommit(fn: () => void): void;
};

/** PostgreSQL cuts the names of prepared statements at 63 bytes, so that two longer ones might meet. */
const MAX_NAME = 63;

/**
 * Declares a named prepared statement, once and at module level; call it with the values to get what `db.query` takes:
 * `const insert = sql('order.insert', 'insert into …'); await db.query<Row>(insert([id]))`.
 * A name belongs to one text; `<store>.<verb>` keeps them apart.
 */
export function sql(
  name: string,
  text: string,
  options: { genericPlan?: true } = {},
): (values?: readonly unknown[]) => Statement {
  if (name.length > MAX_NAME) throw new RangeError(`The statement name ${name} is longer than ${MAX_NAME} characters`);
  const declared = { name, text, ...options, ...(text.includes('insert into outbox') && { writesOutbox: true }) };
  return (values = []) => ({ ...declared, values });
}
