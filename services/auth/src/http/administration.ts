import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { assignRole } from '../actions/assign-role.ts';
import type { Context } from '../actions/context.ts';
import { getAccount, listAccounts } from '../actions/manage-accounts.ts';
import { removeFactors } from '../actions/second-factor.ts';
import { endAccountSessions } from '../actions/suspend-account.ts';
import { banRoutes } from './bans.ts';
import { type OperatorLookup, onlyOperators } from './operator-lookup.ts';
import * as schemas from './schemas.ts';
import { accountView, pageFrom, pageView } from './serializers.ts';

const tags = ['administration'];
const config = { auth: 'none' } as const;
const refusals = ['unauthenticated', 'forbidden', 'origin_refused', 'not_found'] as const;

/** Routes by which operators manage accounts. They sign in with their own session. */
export function administrationRoutes(app: App, ctx: Context, operator: OperatorLookup): void {
  listAccountsRoute(app, ctx, operator);
  getAccountRoute(app, ctx, operator);
  assignRoleRoute(app, ctx, operator);
  banRoutes(app, ctx, operator);
  revokeAccountSessionsRoute(app, ctx, operator);
  removeFactorsRoute(app, ctx, operator);
}

function listAccountsRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.get(
    '/api/v1/auth/admin/accounts',
    {
      config: { ...config, permission: 'accounts:read' },
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
      await operator(request);
      reply.header('cache-control', 'no-store');
      const { email, role, banned, ...paging } = request.query;
      const rows = await listAccounts(ctx, { email, role, banned }, pageFrom(paging));
      return pageView(rows, paging.limit, (row) => accountView(row, ctx.now()));
    },
  );
}

function getAccountRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.get(
    '/api/v1/auth/admin/accounts/:id',
    {
      config: { ...config, permission: 'accounts:read' },
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
      await operator(request);
      reply.header('cache-control', 'no-store');
      return accountView(await getAccount(ctx, request.params.id), ctx.now());
    },
  );
}

function assignRoleRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.put(
    '/api/v1/auth/admin/accounts/:id/role',
    {
      config: { ...config, permission: 'staff:write', idempotent: true },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'assignRole',
        summary: 'Give an account a role',
        description:
          'Access tokens that were issued before are refused at once. Nobody changes their own role, nor gives or takes a permission that ' +
          'they do not hold. `staff` needs `staffRole`.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        body: schemas.AssignRole,
        response: { 200: schemas.Account, ...problemResponses(...refusals, 'conflict') },
      },
    },
    async (request) => {
      const { id } = await operator(request);
      return accountView(await assignRole(ctx, id, request.params.id, request.body), ctx.now());
    },
  );
}

function revokeAccountSessionsRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.delete(
    '/api/v1/auth/admin/accounts/:id/sessions',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
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
      const { id } = await operator(request);
      return { revoked: await endAccountSessions(ctx, id, request.params.id) };
    },
  );
}

function removeFactorsRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.delete(
    '/api/v1/auth/admin/accounts/:id/second-factors',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
      schema: {
        operationId: 'removeSecondFactors',
        summary: 'Remove the second factors of an account',
        description:
          'Authenticator app, recovery codes and passkeys, for somebody who has lost them. The owner gets a mail. Make sure first that it is the owner who asks.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 204: schemas.Nothing, ...problemResponses(...refusals, 'conflict') },
      },
    },
    async (request, reply) => {
      const { id } = await operator(request);
      await removeFactors(ctx, id, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
