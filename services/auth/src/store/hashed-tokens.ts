import type { ModelTarget } from 'better-auth/adapters';
import type { Queries, Where } from './better-auth-queries.ts';
import type { Condition } from './better-auth-statements.ts';
import type { Row } from './better-auth-writes.ts';
import { tokenHash } from './token-hash.ts';

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
