import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { assignRole, getAccount, listAccounts } from '../actions/manage-accounts.ts';
import { removeFactors } from '../actions/second-factor.ts';
import { revokeSessions } from '../actions/sessions.ts';
import { type AdminLookup, createAdminLookup, onlyAdmins } from './admin-lookup.ts';
import { banRoutes } from './bans.ts';
import type { RequestContext } from './request-context.ts';
import * as schemas from './schemas.ts';
import { accountView, pageFrom, pageView } from './serializers.ts';

const tags = ['administration'];
const config = { auth: 'none' } as const;
const refusals = ['unauthenticated', 'forbidden', 'origin_refused', 'not_found'] as const;

/** Routes by which admins manage accounts. Admins sign in with their own session. */
export function administrationRoutes(app: App, ctx: Context, requests: RequestContext): void {
  const admin = createAdminLookup(ctx, requests);
  listAccountsRoute(app, ctx, admin);
  getAccountRoute(app, ctx, admin);
  assignRoleRoute(app, ctx, admin);
  banRoutes(app, ctx, admin);
  revokeAccountSessionsRoute(app, ctx, admin);
  removeFactorsRoute(app, ctx, admin);
}

function listAccountsRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.get(
    '/api/v1/auth/admin/accounts',
    {
      config,
      schema: {
        operationId: 'listAccounts',
        summary: 'Accounts, newest first',
        tags,
        security: schemas.bySession,
        querystring: schemas.AccountQuery,
        response: {
          200: schemas.pageOf(schemas.Account),
          ...problemResponses('unauthenticated', 'forbidden', 'invalid_cursor'),
        },
      },
    },
    async (request, reply) => {
      await admin(request);
      reply.header('cache-control', 'no-store');
      const { email, role, banned, ...paging } = request.query;
      const rows = await listAccounts(ctx, { email, role, banned }, pageFrom(paging));
      return pageView(rows, paging.limit, (row) => accountView(row, ctx.now()));
    },
  );
}

function getAccountRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.get(
    '/api/v1/auth/admin/accounts/:id',
    {
      config,
      schema: {
        operationId: 'getAccount',
        summary: 'One account',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 200: schemas.Account, ...problemResponses('unauthenticated', 'forbidden', 'not_found') },
      },
    },
    async (request, reply) => {
      await admin(request);
      reply.header('cache-control', 'no-store');
      return accountView(await getAccount(ctx, request.params.id), ctx.now());
    },
  );
}

function assignRoleRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.put(
    '/api/v1/auth/admin/accounts/:id/role',
    {
      config: { ...config, idempotent: true },
      onRequest: onlyAdmins(admin),
      schema: {
        operationId: 'assignRole',
        summary: 'Give an account a role',
        description: 'Access tokens that were issued before keep the old role until they expire, some minutes later.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        body: schemas.AssignRole,
        response: { 200: schemas.Account, ...problemResponses(...refusals, 'conflict') },
      },
    },
    async (request) => {
      const { id } = await admin(request);
      return accountView(await assignRole(ctx, id, request.params.id, request.body.role), ctx.now());
    },
  );
}

function revokeAccountSessionsRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.delete(
    '/api/v1/auth/admin/accounts/:id/sessions',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'revokeAccountSessions',
        summary: 'End all sessions of an account',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 200: schemas.Revoked, ...problemResponses(...refusals) },
      },
    },
    async (request) => {
      await admin(request);
      const { id } = await getAccount(ctx, request.params.id);
      return { revoked: await revokeSessions(ctx, id) };
    },
  );
}

function removeFactorsRoute(app: App, ctx: Context, admin: AdminLookup): void {
  app.delete(
    '/api/v1/auth/admin/accounts/:id/second-factors',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'removeSecondFactors',
        summary: 'Remove the second factors of an account',
        description:
          'Authenticator app, recovery codes and passkeys, for somebody who has lost them. The owner is told by mail. Make sure first that it is the owner who asks.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 204: schemas.Nothing, ...problemResponses(...refusals, 'conflict') },
      },
    },
    async (request, reply) => {
      const { id } = await admin(request);
      await removeFactors(ctx, id, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
