import type { Role } from '@tradepost/contracts/roles';
import type { Db, Tx } from '@tradepost/postgres/db';
import { violatedConstraint } from '@tradepost/postgres/unavailable';
import type { JoinConfig, ModelTarget } from 'better-auth/adapters';
import { APIError } from 'better-auth/api';
import { type Announce, accountChanged, accountCreated, sessionRevoked } from './account-events.ts';
import { type Condition, countRows, deleteRows, insertRow, selectRows, updateRows } from './better-auth-statements.ts';
import { insertSession, type NewSession } from './sessions.ts';
import { tokenHash } from './token-hash.ts';

/** Where the queries go. */
export type Store = {
  /** To read from: the transaction, if one has begun. */
  reader(): Db;
  /** To write one statement to. */
  writer(): Promise<Db>;
  /** To write several that belong together. */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  announce: Announce;
};

/** The columns of a model, by its name in better-auth's schema. */
export type Columns = (modelKey: string) => readonly string[];

type Row = Record<string, unknown>;
type Where = { where: Condition[] };
type Listing = {
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
  findMany(o: ModelTarget & Listing): Promise<Row[]>;
  delete(o: ModelTarget & Where): Promise<void>;
  deleteMany(o: ModelTarget & Where): Promise<number>;
  consumeOne(o: ModelTarget & Where): Promise<Row | null>;
  count(o: ModelTarget & { where?: Condition[] | undefined }): Promise<number>;
};

export function createQueries(store: Store, columns: Columns): Queries {
  const { reader, writer } = store;
  return {
    create: ({ model, data }) => create(store, model, data),
    update: ({ model, where, update }) => updateOne(store, model, updateRows(model, update, where)),
    async updateMany({ model, where, update }) {
      const { rowCount } = await (await writer()).query(updateRows(model, update, where));
      return rowCount;
    },
    findOne: ({ model, modelKey = model, where, join }) => findOne(reader(), columns, { model, modelKey, where, join }),
    async findMany({ model, modelKey = model, where = [], limit, sortBy, offset, join }) {
      if (join && Object.keys(join).length > 0)
        throw new TypeError('better-auth lists with a join, which is not provided');
      const own = columns(modelKey);
      const { rows } = await reader().query<unknown[]>(selectRows(model, own, { where, limit, sortBy, offset }));
      return rows.map((values) => toRow(own, values));
    },
    async delete({ model, where }) {
      await remove(store, model, where);
    },
    deleteMany: ({ model, where }) => remove(store, model, where),
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

async function create({ writer, write, announce }: Store, model: string, data: Row): Promise<Row> {
  if (model === 'session') {
    // as: better-auth fills the columns that its options give this table.
    if (await insertSession(await writer(), data as NewSession)) return data;
    throw new APIError('FORBIDDEN', { code: 'BANNED_USER', message: 'The account is banned' });
  }
  if (model !== 'user_account') return insertOne(await writer(), model, data);
  return write(async (tx) => {
    const row = await insertOne(tx, model, data);
    await announce(tx, [accountCreated(accountOf(row))]);
    return row;
  }).catch(explainInsert);
}

async function insertOne(db: Db, model: string, data: Row): Promise<Row> {
  const { rows } = await db.query<Row>(insertRow(model, data));
  const [row] = rows;
  if (!row) throw new Error('An insert returned no row');
  return row;
}

/**
 * better-auth answers any failure to create a user with one code, unless it is an error of its own kind: so an address
 * that was taken a moment ago gets the right code, and everything else travels as a cause.
 */
function explainInsert(err: unknown): never {
  if (violatedConstraint(err) === 'user_account_email_key') {
    throw new APIError('UNPROCESSABLE_ENTITY', {
      code: 'USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL',
      message: 'User already exists. Use another email.',
    });
  }
  throw Object.assign(new APIError('INTERNAL_SERVER_ERROR', { code: 'FAILED_TO_CREATE_USER' }), { cause: err });
}

async function updateOne(
  { writer, write, announce }: Store,
  model: string,
  statement: Parameters<Db['query']>[0],
): Promise<Row | null> {
  if (model !== 'user_account') {
    const { rows } = await (await writer()).query<Row>(statement);
    return rows[0] ?? null;
  }
  return write(async (tx) => {
    const { rows } = await tx.query<Row>(statement);
    await announce(
      tx,
      rows.map((row) => accountChanged(accountOf(row))),
    );
    return rows[0] ?? null;
  });
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

/** Deletes rows; sessions that were good until now are announced. */
async function remove({ writer, write, announce }: Store, model: string, where: Condition[]): Promise<number> {
  const statement = deleteRows(model, where);
  if (model !== 'session') return (await (await writer()).query(statement)).rowCount;
  return write(async (tx) => {
    const { rows } = await tx.query<{ id: string; user_id: string; expires_at: Date }>(statement);
    const live = rows.filter((row) => row.expires_at.getTime() > Date.now());
    await announce(
      tx,
      live.map((row) => sessionRevoked(row.id, row.user_id)),
    );
    return rows.length;
  });
}

function accountOf(row: Row): { id: string; email: string; name: string; role: Role } {
  // as: the columns of user_account, whose checks in the database are the type's.
  return row as { id: string; email: string; name: string; role: Role };
}

function toRow(columns: readonly string[], values: readonly unknown[]): Row {
  return Object.fromEntries(columns.map((name, i) => [name, values[i]]));
}

/**
 * Stores and looks up session tokens by their hash, and gives a row back with the token that was asked for. A row that
 * was found by anything else keeps the hash, which opens nothing.
 */
export function withHashedTokens(queries: Queries): Queries {
  return {
    ...queries,
    async create(o) {
      const token = o.data.token_hash;
      if (o.model !== 'session' || typeof token !== 'string') return queries.create(o);
      const row = await queries.create({ ...o, data: { ...o.data, token_hash: tokenHash(token) } });
      return { ...row, token_hash: token };
    },
    update: async (o) => restored(o, await queries.update(hashed(o))),
    updateMany: (o) => queries.updateMany(hashed(o)),
    findOne: async (o) => restored(o, await queries.findOne(hashed(o))),
    findMany: (o) => queries.findMany(hashed({ ...o, where: o.where ?? [] })),
    delete: (o) => queries.delete(hashed(o)),
    deleteMany: (o) => queries.deleteMany(hashed(o)),
  };
}

function hashed<T extends ModelTarget & Where>(o: T): T {
  if (o.model !== 'session' || !o.where.some(isToken)) return o;
  return { ...o, where: o.where.map((one) => (isToken(one) ? { ...one, value: tokenHash(String(one.value)) } : one)) };
}

function restored(o: ModelTarget & Where, row: Row | null): Row | null {
  const token = o.model === 'session' ? o.where.find(isToken)?.value : undefined;
  return row === null || token === undefined ? row : { ...row, token_hash: token };
}

function isToken({ field, operator = 'eq' }: Condition): boolean {
  return field === 'token_hash' && operator === 'eq';
}
