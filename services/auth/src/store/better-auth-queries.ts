import type { Db } from '@tradepost/postgres/db';
import type { JoinConfig, ModelTarget } from 'better-auth/adapters';
import { type Condition, countRows, deleteRows, selectRows, updateRows } from './better-auth-statements.ts';
import { createRow, type Row, removeRows, type Store, updateRow } from './better-auth-writes.ts';

/** The columns of a model, by its name in better-auth's schema. */
export type Columns = (modelKey: string) => readonly string[];

export type Where = { where: Condition[] };
type ListQuery = {
  where?: Condition[] | undefined;
  limit: number;
  sortBy?: { field: string; direction: 'asc' | 'desc' } | undefined;
  offset?: number | undefined;
  join?: JoinConfig | undefined;
};

/** What better-auth asks of an adapter. */
export type Queries = {
  create(o: ModelTarget & { data: Row }): Promise<Row>;
  update(o: ModelTarget & Where & { update: Row }): Promise<Row | null>;
  updateMany(o: ModelTarget & Where & { update: Row }): Promise<number>;
  findOne(o: ModelTarget & Where & { join?: JoinConfig | undefined }): Promise<Row | null>;
  findMany(o: ModelTarget & ListQuery): Promise<Row[]>;
  delete(o: ModelTarget & Where): Promise<void>;
  deleteMany(o: ModelTarget & Where): Promise<number>;
  consumeOne(o: ModelTarget & Where): Promise<Row | null>;
  count(o: ModelTarget & { where?: Condition[] | undefined }): Promise<number>;
};

export function createQueries(
  store: Store,
  columns: Columns,
  sortColumn: (model: string, field: string) => string,
): Queries {
  const { reader, writer } = store;
  return {
    create: ({ model, data }) => createRow(store, model, data),
    update: ({ model, where, update }) => updateRow(store, model, updateRows(model, update, where)),
    async updateMany({ model, where, update }) {
      const { rowCount } = await (await writer()).query(updateRows(model, update, where));
      return rowCount;
    },
    findOne: ({ model, modelKey = model, where, join }) => findOne(reader(), columns, { model, modelKey, where, join }),
    async findMany({ model, modelKey = model, where = [], limit, sortBy, offset, join }) {
      if (join && Object.keys(join).length > 0)
        throw new TypeError('better-auth lists with a join, which is not provided');
      const own = columns(modelKey);
      const order = sortBy && { ...sortBy, field: sortColumn(model, sortBy.field) };
      const statement = selectRows(model, own, { where, limit, sortBy: order, offset });
      const { rows } = await reader().query<unknown[]>(statement);
      return rows.map((values) => toRow(own, values));
    },
    async delete({ model, where }) {
      await removeRows(store, model, where);
    },
    deleteMany: ({ model, where }) => removeRows(store, model, where),
    async consumeOne({ model, where }) {
      const { rows } = await (await writer()).query<Row>(deleteRows(model, where));
      return rows[0] ?? null;
    },
    async count({ model, where = [] }) {
      const { rows } = await reader().query<{ count: number }>(countRows(model, where));
      return rows[0]?.count ?? 0;
    },
  };
}

async function findOne(
  db: Db,
  columns: Columns,
  o: { model: string; modelKey: string; where: Condition[]; join: JoinConfig | undefined },
): Promise<Row | null> {
  const own = columns(o.modelKey);
  const [joined] = Object.entries(o.join ?? {});
  if (!joined) {
    const { rows } = await db.query<unknown[]>(selectRows(o.model, own, { where: o.where, limit: 1 }));
    return rows[0] ? toRow(own, rows[0]) : null;
  }
  const [table, { modelKey = table, on, relation }] = joined;
  const theirs = columns(modelKey);
  const join = { table, columns: theirs, ...on };
  const { rows } = await db.query<unknown[]>(selectRows(o.model, own, { where: o.where, join }));
  const [first] = rows;
  if (!first) return null;
  const others = rows.map((values) => toRow(theirs, values.slice(own.length))).filter((row) => row.id !== null);
  return { ...toRow(own, first), [table]: relation === 'one-to-one' ? (others[0] ?? null) : others };
}

function toRow(columns: readonly string[], values: readonly unknown[]): Row {
  return Object.fromEntries(columns.map((name, i) => [name, values[i]]));
}
