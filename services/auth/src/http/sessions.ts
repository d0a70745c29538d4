import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { operatorOf } from '../actions/act-as.ts';
import { authenticate } from '../actions/authenticate.ts';
import type { Context } from '../actions/context.ts';
import { listSessions, revokeSession, revokeSessions } from '../actions/sessions.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import * as schemas from './schemas.ts';
import { pageFrom, pageView, sessionView, userView } from './serializers.ts';

const tags = ['sessions'];
const config = { auth: 'none' } as const;
/** The current session, and the list of all sessions of an account. */
export function sessionRoutes(app: App, ctx: Context, requests: RequestContext): void {
  getSessionRoute(app, ctx, requests);
  listSessionsRoute(app, ctx, requests);
  revokeOtherSessionsRoute(app, ctx, requests);
  revokeSessionRoute(app, ctx, requests);
}

function getSessionRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/get-session',
    {
      config,
      schema: {
        operationId: 'getSession',
        summary: 'Get the current session and account',
        tags,
        security: schemas.bySession,
        response: { 200: schemas.CurrentSession, ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      const { session, account, setCookie } = await authenticate(ctx, requests.requester(request), {
        accessToken: true,
        beforeSetup: true,
        acting: true,
      });
      sendCookies(reply, setCookie === undefined ? [] : [setCookie]);
      const { permissions, locale } = account;
      const operator = await operatorOf(ctx, session.operatorId);
      const rights = { permissions: [...permissions], operator };
      return { session: sessionView(session), user: userView(account), locale, ...rights };
    },
  );
}

function listSessionsRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/sessions',
    {
      config,
      schema: {
        operationId: 'listSessions',
        summary: 'Your sessions, newest first',
        tags,
        security: schemas.bySession,
        querystring: schemas.PageQuery,
        response: {
          200: schemas.pageOf(schemas.ListedSession),
          ...problemResponses('unauthenticated', 'invalid_cursor'),
        },
      },
    },
    async (request, reply) => {
      const { account, session } = await authenticate(ctx, requests.requester(request));
      reply.header('cache-control', 'no-store');
      const rows = await listSessions(ctx, account.id, pageFrom(request.query));
      return pageView(rows, request.query.limit, (row) => ({ ...sessionView(row), current: row.id === session.id }));
    },
  );
}

function revokeOtherSessionsRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.delete(
    '/api/v1/auth/sessions',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'revokeOtherSessions',
        summary: 'End all your other sessions',
        tags,
        security: schemas.bySession,
        response: { 200: schemas.Revoked, ...problemResponses('unauthenticated', 'origin_refused') },
      },
    },
    async (request) => {
      const { account, session } = await authenticate(ctx, requests.requester(request));
      return { revoked: await revokeSessions(ctx, account.id, session.id) };
    },
  );
}

function revokeSessionRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.delete(
    '/api/v1/auth/sessions/:id',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'revokeSession',
        summary: 'End one of your sessions',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 204: schemas.Nothing, ...problemResponses('unauthenticated', 'origin_refused', 'not_found') },
      },
    },
    async (request, reply) => {
      const { account } = await authenticate(ctx, requests.requester(request));
      await revokeSession(ctx, account.id, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
