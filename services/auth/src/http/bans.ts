import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { ban, unbanAccount } from '../actions/manage-accounts.ts';
import { type AdminLookup, onlyAdmins } from './admin-lookup.ts';
import * as schemas from './schemas.ts';
import { accountView } from './serializers.ts';

const tags = ['administration'];
const config = { auth: 'none' } as const;
const refusals = ['unauthenticated', 'forbidden', 'origin_refused', 'not_found'] as const;

/** Routes by which admins suspend accounts. */
export function banRoutes(app: App, ctx: Context, admin: AdminLookup): void {
  banAccountRoute(app, ctx, admin);
  unbanAccountRoute(app, ctx, admin);
}

function banAccountRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.put(
    '/api/v1/auth/admin/accounts/:id/ban',
    {
      config: { ...config, idempotent: true },
      onRequest: onlyAdmins(admin),
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
      const { id } = await admin(request);
      const { reason, until } = request.body;
      const why = { reason, expires: until === undefined ? null : new Date(until) };
      return accountView(await ban(ctx, id, request.params.id, why), ctx.now());
    },
  );
}

function unbanAccountRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.delete(
    '/api/v1/auth/admin/accounts/:id/ban',
    {
      config: { ...config, idempotent: true },
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
      await admin(request);
      return accountView(await unbanAccount(ctx, request.params.id), ctx.now());
    },
  );
}
