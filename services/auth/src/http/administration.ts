import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { FastifyRequest } from 'fastify';
import { authenticateAs } from '../actions/authenticate.ts';
import type { Context } from '../actions/context.ts';
import { assignRole, ban, getAccount, listAccounts, unban } from '../actions/manage-accounts.ts';
import { revokeSessions } from '../actions/sessions.ts';
import type { RequestContext } from './request-context.ts';
import * as schemas from './schemas.ts';
import { accountView, pageFrom, pageView } from './serializers.ts';

/** A request of any route. */
type AnyRequest = Pick<FastifyRequest, 'headers' | 'socket'>;

const tags = ['administration'];
const config = { auth: 'none' } as const;
const refusals = ['unauthenticated', 'forbidden', 'origin_refused', 'not_found'] as const;

/** The admin who sends a request; throws `unauthenticated` or `forbidden` for everybody else. Looked up once for each request. */
type AdminLookup = (request: AnyRequest) => Promise<{ id: string }>;

function createAdminLookup(ctx: Context, requests: RequestContext): AdminLookup {
  const authenticated = new WeakMap<AnyRequest, ReturnType<typeof authenticateAs>>();
  return async (request) => {
    const known = authenticated.get(request) ?? authenticateAs(ctx, requests.requester(request), 'admin');
    authenticated.set(request, known);
    return (await known).account;
  };
}

/** For routes with a body: refuses everybody else before the body is read. */
const onlyAdmins = (admin: AdminLookup) => async (request: AnyRequest) => void (await admin(request));

/** Routes by which admins manage accounts. Admins sign in with their own session. */
export function administrationRoutes(app: App, ctx: Context, requests: RequestContext): void {
  const admin = createAdminLookup(ctx, requests);
  listAccountsRoute(app, ctx, admin);
  getAccountRoute(app, ctx, admin);
  assignRoleRoute(app, ctx, admin);
  banAccountRoute(app, ctx, admin);
  unbanAccountRoute(app, ctx, admin);
  revokeAccountSessionsRoute(app, ctx, admin);
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
      return accountView(await unban(ctx, request.params.id), ctx.now());
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
