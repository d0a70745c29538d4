import type { App } from '@tradepost/runtime/app';
import { readCookie } from '@tradepost/runtime/credentials';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { ACTING_SECONDS, actAs, stopActing } from '../actions/act-as.ts';
import { authenticate } from '../actions/authenticate.ts';
import type { Context } from '../actions/context.ts';
import { clearedCookie, operatorCookie, setSessionCookie } from '../domain/cookies.ts';
import { type OperatorLookup, onlyOperators } from './operator-lookup.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import * as schemas from './schemas.ts';
import { userView } from './serializers.ts';

const Acting = Type.Object({ ...schemas.OpenedSession.properties, expiresAt: schemas.Session.properties.expiresAt });
const Stopped = Type.Object({
  restored: Type.Boolean({ description: 'Whether the browser has the operator’s own session again' }),
});

/** Routes by which an operator acts as a customer, and stops. */
export function actingRoutes(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  actAsRoute(app, ctx, requests, operator);
  stopActingRoute(app, ctx, requests);
}

function actAsRoute(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  app.post(
    '/api/v1/auth/admin/accounts/:id/act-as',
    {
      config: { auth: 'none', idempotent: false, permission: 'accounts:act-as' },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'actAsCustomer',
        summary: 'Act as a customer for an hour at most',
        description:
          'Opens a session of the customer and sets its cookie; the operator’s own session waits in another cookie. Whatever is changed is ' +
          'recorded with both accounts. Password, address, keys and sessions of the customer cannot be changed. Not for sellers, staff and admins.',
        tags: ['administration'],
        security: schemas.bySession,
        params: schemas.ById,
        response: {
          201: Acting,
          ...problemResponses('unauthenticated', 'forbidden', 'origin_refused', 'not_found', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const requester = requests.requester(request);
      const { session, token: own } = await authenticate(ctx, requester);
      const { token, expiresAt, account } = await actAs(ctx, requester, session, request.params.id);
      const cookies = [setSessionCookie({ ...ctx.cookie, maxAgeSeconds: ACTING_SECONDS }, token, ctx.secrets[0])];
      if (own !== undefined) cookies.push(setSessionCookie(operatorCookie(ctx.cookie), own, ctx.secrets[0]));
      sendCookies(reply, cookies);
      reply.code(201);
      return { token, user: userView(account), expiresAt: expiresAt.toISOString() };
    },
  );
}

function stopActingRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/stop-acting',
    {
      config: { auth: 'none', idempotent: true },
      schema: {
        operationId: 'stopActing',
        summary: 'Stop acting as a customer',
        description:
          'Ends the session, and gives the browser the operator’s own one back. Doing so again changes nothing.',
        tags: ['sessions'],
        response: { 200: Stopped, ...problemResponses('origin_refused') },
      },
    },
    async (request, reply) => {
      const waiting = operatorCookie(ctx.cookie);
      const value = readCookie(request.headers.cookie, waiting.name);
      const token = await stopActing(ctx, requests.requester(request), value);
      const restored = token === undefined ? [] : [setSessionCookie(ctx.cookie, token, ctx.secrets[0])];
      sendCookies(reply, [...restored, ...(value === undefined ? [] : [clearedCookie(waiting)])]);
      return { restored: token !== undefined };
    },
  );
}
