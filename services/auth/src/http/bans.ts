import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { ban, unbanAccount } from '../actions/suspend-account.ts';
import { type OperatorLookup, onlyOperators } from './operator-lookup.ts';
import * as schemas from './schemas.ts';
import { accountView } from './serializers.ts';

const tags = ['administration'];
const config = { auth: 'none' } as const;
const refusals = ['unauthenticated', 'forbidden', 'origin_refused', 'not_found'] as const;

/** Routes by which operators suspend accounts. */
export function banRoutes(app: App, ctx: Context, operator: OperatorLookup): void {
  banAccountRoute(app, ctx, operator);
  unbanAccountRoute(app, ctx, operator);
}

function banAccountRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.put(
    '/api/v1/auth/admin/accounts/:id/ban',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'banAccount',
        summary: 'Suspend an account and end its sessions',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        body: schemas.Ban,
        response: { 200: schemas.Account, ...problemResponses(...refusals, 'conflict') },
      },
    },
    async (request) => {
      const { id } = await operator(request);
      const { reason, until } = request.body;
      const why = { reason, expires: until === undefined ? null : new Date(until) };
      return accountView(await ban(ctx, id, request.params.id, why), ctx.now());
    },
  );
}

function unbanAccountRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.delete(
    '/api/v1/auth/admin/accounts/:id/ban',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
      schema: {
        operationId: 'unbanAccount',
        summary: 'Lift the suspension of an account',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 200: schemas.Account, ...problemResponses(...refusals) },
      },
    },
    async (request) => {
      const { id } = await operator(request);
      return accountView(await unbanAccount(ctx, id, request.params.id), ctx.now());
    },
  );
}
