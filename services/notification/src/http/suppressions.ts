import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import { cursorReader, encodeCursor } from '@tradepost/runtime/cursor';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { deleteSuppression, listSuppressions } from '../store/suppressions.ts';
import * as schemas from './schemas.ts';

const base = '/api/v1/admin/notification/suppressions';
const tags = ['operations'];
const readCursor = cursorReader(Type.Tuple([schemas.Uuid]));

/** Addresses that nothing is sent to, for operators. They are removed by id: addresses in paths would be in logs. */
export function suppressionRoutes(app: App, ctx: Context): void {
  app.get(
    base,
    {
      config: { permission: 'mails:read' },
      schema: {
        operationId: 'listSuppressions',
        summary: 'List addresses that nothing is sent to, newest first',
        tags,
        querystring: schemas.SuppressionQuery,
        response: { 200: schemas.SuppressionPage, ...problemResponses('forbidden', 'invalid_cursor') },
      },
    },
    async (request) => {
      const { cursor, limit = 50, address = null } = request.query;
      const [before] = cursor === undefined ? [null] : readCursor(cursor);
      const found = await listSuppressions(ctx.pool, { before, limit: limit + 1, address });
      const items = found.slice(0, limit);
      const last = found.length > limit ? items.at(-1) : undefined;
      return { items: items.map(schemas.suppressionView), nextCursor: last ? encodeCursor([last.id]) : null };
    },
  );

  app.delete(
    `${base}/:id`,
    {
      config: { permission: 'mails:write', idempotent: true },
      schema: {
        operationId: 'deleteSuppression',
        summary: 'Allow mails to an address again',
        tags,
        params: schemas.ById,
        response: {
          204: Type.Null({ description: 'Mails are sent to it again' }),
          ...problemResponses('forbidden', 'not_found'),
        },
      },
    },
    async (request, reply) => {
      if (!(await deleteSuppression(ctx.pool, request.params.id))) {
        throw new ProblemError('not_found', 'There is no such suppression');
      }
      return reply.code(204).send(null);
    },
  );
}
