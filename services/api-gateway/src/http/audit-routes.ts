import { IdInput } from '@tradepost/contracts/input';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { Pool } from '@tradepost/postgres/pool';
import type { App } from '@tradepost/runtime/app';
import { decodeCursor, encodeCursor } from '@tradepost/runtime/cursor';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { findAuditEntries } from '../store/audit-entries.ts';

const orNull = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

const AuditEntry = Type.Object({
  id: Id,
  at: Time,
  accountId: orNull(Id),
  operatorId: orNull(Type.Unsafe<string>({ ...Id, description: 'The operator who acted as the account' })),
  role: orNull(Type.String()),
  method: Type.String(),
  route: Type.String({ description: 'The path prefix of the route' }),
  path: Type.String(),
  status: Type.Integer({ description: '499: the client disconnected before the response' }),
  requestId: Type.String(),
  traceId: orNull(Type.String({ description: 'W3C trace id' })),
  address: orNull(Type.String()),
  userAgent: orNull(Type.String()),
});

const AuditPage = Type.Object({ items: Type.Array(AuditEntry), nextCursor: orNull(Type.String()) });

const AuditQuery = Type.Object({
  accountId: Type.Optional(
    Type.Unsafe<string>({ ...IdInput, description: 'Who asked, or the operator who acted as somebody' }),
  ),
  path: Type.Optional(Type.String({ minLength: 1, maxLength: 512, description: 'Prefix of the path' })),
  traceId: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f]{32}$',
      description: 'Give `accountId`, or `from` and `to`, with it: it has no index',
    }),
  ),
  from: Type.Optional(Time),
  to: Type.Optional(Time),
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String()),
});

const Position = Type.Object({ id: Id }, { additionalProperties: false });

/** Lets operators read the audit trail. */
export function auditRoutes(app: App, pool: Pool): void {
  app.get(
    '/api/v1/audit',
    {
      config: { permission: 'audit:read' },
      schema: {
        operationId: 'listAuditEntries',
        summary: 'List audit entries, newest first',
        tags: ['operations'],
        querystring: AuditQuery,
        response: { 200: AuditPage, ...problemResponses('invalid_cursor', 'forbidden') },
      },
    },
    async (request) => {
      const { accountId, path, traceId, from, to, limit, cursor } = request.query;
      const before = cursor === undefined ? undefined : decodeCursor(Position, cursor).id;
      const filter = { accountId, pathPrefix: path, traceId, from, to, before };
      const found = await findAuditEntries(pool, { ...filter, limit: limit + 1 });
      const items = found.slice(0, limit);
      const last = items.at(-1);
      return {
        items: items.map((entry) => ({ ...entry, at: entry.at.toISOString() })),
        nextCursor: found.length > limit && last !== undefined ? encodeCursor({ id: last.id }) : null,
      };
    },
  );
}
