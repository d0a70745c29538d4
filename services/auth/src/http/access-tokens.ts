import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { issueToken } from '../actions/issue-token.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import * as schemas from './schemas.ts';

const tags = ['sessions'];
const config = { auth: 'none' } as const;

/** How long others may keep the key set: as long as the services do before they ask again. */
const KEY_SET_SECONDS = 300;

/** Access tokens, which stand for a session or an API key, and the keys that they are signed with. */
export function accessTokenRoutes(app: App, ctx: Context, requests: RequestContext): void {
  getAccessTokenRoute(app, ctx, requests);
  getKeySetRoute(app, ctx);
}

function getAccessTokenRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/token',
    {
      config,
      schema: {
        operationId: 'getAccessToken',
        summary: 'An access token',
        description:
          'In exchange for a session token, its cookie, or an API key; its `sid` is the session’s or the key’s id.',
        tags,
        security: schemas.bySession,
        response: { 200: schemas.AccessToken, ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      const { token, setCookie } = await issueToken(ctx, requests.requester(request));
      sendCookies(reply, setCookie === undefined ? [] : [setCookie]);
      return { token };
    },
  );
}

function getKeySetRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/auth/jwks',
    {
      config,
      schema: {
        operationId: 'getKeySet',
        summary: 'The keys that access tokens are signed with',
        tags,
        response: { 200: schemas.KeySet },
      },
    },
    async (_request, reply) => {
      reply.header('cache-control', `public, max-age=${KEY_SET_SECONDS}`);
      return ctx.keys.published();
    },
  );
}
