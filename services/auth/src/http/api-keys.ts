import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { createApiKey, listApiKeys, revokeApiKey } from '../actions/api-keys.ts';
import { authenticate } from '../actions/authenticate.ts';
import type { Context } from '../actions/context.ts';
import type { RequestContext } from './request-context.ts';
import * as schemas from './schemas.ts';
import { apiKeyView, pageFrom, pageView } from './serializers.ts';

const tags = ['api-keys'];
const config = { auth: 'none' } as const;

/** API keys, by which machines act for an account. */
export function apiKeyRoutes(app: App, ctx: Context, requests: RequestContext): void {
  listApiKeysRoute(app, ctx, requests);
  createApiKeyRoute(app, ctx, requests);
  revokeApiKeyRoute(app, ctx, requests);
}

function listApiKeysRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/api-keys',
    {
      config,
      schema: {
        operationId: 'listApiKeys',
        summary: 'Your API keys, newest first',
        tags,
        security: schemas.bySession,
        querystring: schemas.PageQuery,
        response: { 200: schemas.pageOf(schemas.ApiKey), ...problemResponses('unauthenticated', 'invalid_cursor') },
      },
    },
    async (request, reply) => {
      const { account } = await authenticate(ctx, requests.requester(request));
      reply.header('cache-control', 'no-store');
      const rows = await listApiKeys(ctx, account.id, pageFrom(request.query));
      return pageView(rows, request.query.limit, apiKeyView);
    },
  );
}

function createApiKeyRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/api-keys',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'createApiKey',
        summary: 'Create an API key',
        description:
          'The key may do what its account may do at that time, or less: only read, or only what some permissions of an operator allow. ' +
          'It is in this response only.',
        tags,
        security: schemas.bySession,
        body: schemas.NewApiKey,
        response: {
          201: schemas.CreatedApiKey,
          ...problemResponses('unauthenticated', 'forbidden', 'origin_refused', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const { account } = await authenticate(ctx, requests.requester(request));
      const { name, expiresAt, readOnly, permissions = null } = request.body;
      const created = await createApiKey(ctx, account.id, {
        name,
        readOnly,
        permissions,
        expiresAt: expiresAt === undefined ? null : new Date(expiresAt),
      });
      reply.code(201);
      return { ...apiKeyView(created), key: created.key };
    },
  );
}

function revokeApiKeyRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.delete(
    '/api/v1/auth/api-keys/:id',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'revokeApiKey',
        summary: 'Revoke an API key',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 204: schemas.Nothing, ...problemResponses('unauthenticated', 'origin_refused', 'not_found') },
      },
    },
    async (request, reply) => {
      const { account } = await authenticate(ctx, requests.requester(request));
      await revokeApiKey(ctx, account.id, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
