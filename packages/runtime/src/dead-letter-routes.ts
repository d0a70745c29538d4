import { IdInput } from '@tradepost/contracts/input';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { Handlers } from '@tradepost/messaging/consumer';
import { discardDeadLetter, getDeadLetter, listDeadLetters, replayDeadLetter } from '@tradepost/messaging/dead-letters';
import type { Pool } from '@tradepost/postgres/pool';
import { Type } from 'typebox';
import type { App } from './app.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { OperatorGuard } from './messaging-routes.ts';
import { problemResponses, StringEnum } from './schema.ts';

const DeadLetter = Type.Object({
  eventId: Id,
  type: Type.String(),
  event: Type.Unknown({ description: 'The event as it was received' }),
  error: Type.String({ description: 'The error of the last attempt' }),
  attempts: Type.Integer({ minimum: 0 }),
  parkedAt: Time,
});
const DeadLetters = Type.Object({
  items: Type.Array(DeadLetter),
  nextCursor: Type.Union([Type.String(), Type.Null()]),
});
const Replay = Type.Object({ eventId: Id, outcome: StringEnum(['handled', 'handled_before']) });
const Position = Type.Object({ parkedAt: Time, eventId: Id });
const PageQuery = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: 200, default: 50 }),
  cursor: Type.Optional(Type.String()),
});
const EventParams = Type.Object({ eventId: IdInput });

const tags = ['operations'];

export type DeadLetterRouteOptions = {
  service: string;
  pool: Pool;
  handlers: Handlers;
  /** By the access token, unless said otherwise. */
  guard?: OperatorGuard | undefined;
};

/** What all routes share: who is an operator, and how OpenAPI describes it. */
function guardOf({ guard = { auth: 'required' } }: DeadLetterRouteOptions) {
  return { ...guard, common: { tags, ...(guard.security && { security: guard.security }) } };
}

const pathOf = ({ service }: DeadLetterRouteOptions): string => `/api/v1/admin/${service}/dead-letters`;

/** `api-gateway` → `listApiGatewayDeadLetters`. */
const operationId = (verb: string, { service }: DeadLetterRouteOptions, noun = 'DeadLetter'): string =>
  verb + service.replace(/(^|-)(\w)/g, (_match, _dash, letter: string) => letter.toUpperCase()) + noun;

/** Routes for operators to see, replay and discard what a service could not handle. */
export function deadLetterRoutes(app: App, o: DeadLetterRouteOptions) {
  listDeadLettersRoute(app, o);
  getDeadLetterRoute(app, o);
  replayDeadLetterRoute(app, o);
  discardDeadLetterRoute(app, o);
}

function listDeadLettersRoute(app: App, o: DeadLetterRouteOptions): void {
  const guard = guardOf(o);
  app.get(
    pathOf(o),
    {
      config: { auth: guard.auth, permission: 'operations:read' },
      schema: {
        operationId: operationId('list', o, 'DeadLetters'),
        summary: `Dead letters of ${o.service}, newest first`,
        ...guard.common,
        querystring: PageQuery,
        response: { 200: DeadLetters, ...problemResponses('unauthenticated', 'invalid_cursor', 'forbidden') },
      },
    },
    async (request) => {
      await guard.check?.(request);
      const { limit, cursor } = request.query;
      const after = cursor === undefined ? undefined : decodeCursor(Position, cursor);
      const { items, next } = await listDeadLetters(o.pool, { limit, after });
      return { items, nextCursor: next ? encodeCursor(next) : null };
    },
  );
}

function getDeadLetterRoute(app: App, o: DeadLetterRouteOptions): void {
  const guard = guardOf(o);
  app.get(
    `${pathOf(o)}/:eventId`,
    {
      config: { auth: guard.auth, permission: 'operations:read' },
      schema: {
        operationId: operationId('get', o),
        summary: 'Get a dead letter',
        ...guard.common,
        params: EventParams,
        response: { 200: DeadLetter, ...problemResponses('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request) => {
      await guard.check?.(request);
      return (await getDeadLetter(o.pool, request.params.eventId)) ?? notThere();
    },
  );
}

function replayDeadLetterRoute(app: App, o: DeadLetterRouteOptions): void {
  const guard = guardOf(o);
  app.post(
    `${pathOf(o)}/:eventId/replay`,
    {
      config: { auth: guard.auth, permission: 'operations:write', idempotent: false },
      schema: {
        operationId: operationId('replay', o),
        summary: 'Replay a dead letter: handle it again, and delete it on success',
        ...guard.common,
        params: EventParams,
        response: { 200: Replay, ...problemResponses('unauthenticated', 'forbidden', 'not_found', 'unprocessable') },
      },
    },
    async (request) => {
      await guard.check?.(request);
      const { eventId } = request.params;
      const outcome = await replayDeadLetter(o, eventId);
      if (outcome === 'not_found') return notThere();
      return { eventId, outcome };
    },
  );
}

function discardDeadLetterRoute(app: App, o: DeadLetterRouteOptions): void {
  const guard = guardOf(o);
  app.delete(
    `${pathOf(o)}/:eventId`,
    {
      config: { auth: guard.auth, permission: 'operations:write', idempotent: true },
      schema: {
        operationId: operationId('discard', o),
        summary: 'Discard a dead letter',
        ...guard.common,
        params: EventParams,
        response: { 204: Type.Null(), ...problemResponses('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request, reply) => {
      await guard.check?.(request);
      if (!(await discardDeadLetter(o.pool, request.params.eventId))) return notThere();
      return reply.code(204).send(null);
    },
  );
}

function notThere(): never {
  throw new ProblemError('not_found', 'There is no dead letter of that event');
}
