import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { eraseAccount, eraseOwnAccount, getErasure, listErasures, repeatErasure } from '../actions/erase-account.ts';
import { eraseGuest } from '../actions/erase-guest.ts';
import { clearedCookie } from '../domain/cookies.ts';
import { EraseGuest, EraseOwnAccount, Erasure, erasureView } from './erasure-schemas.ts';
import { type OperatorLookup, onlyOperators } from './operator-lookup.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import * as schemas from './schemas.ts';
import { pageFrom, pageView } from './serializers.ts';

const tags = ['administration'];
const config = { auth: 'none' } as const;
const security = schemas.bySession;
const refusals = ['unauthenticated', 'forbidden', 'not_found'] as const;

/** Erasing accounts: the own one, and by operators those of others; and how far the services are with it. */
export function erasureRoutes(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  eraseOwnAccountRoute(app, ctx, requests);
  eraseAccountRoute(app, ctx, operator);
  eraseGuestRoute(app, ctx, operator);
  readErasureRoutes(app, ctx, operator);
  repeatErasureRoute(app, ctx, operator);
}

function eraseOwnAccountRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/erase-account',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'eraseOwnAccount',
        summary: 'Erase the account of who asks',
        description:
          'Ends all sessions and API keys and removes name, address and credentials at once. The other services remove their part ' +
          'within seconds; of orders they keep what books need. It cannot be undone. Asks for the password, and for a code where ' +
          'the account has a second factor (`second_factor_required` without one). A seller settles open sales before ' +
          '(`account_not_settled`), and the last admin stays (`last_admin`).',
        tags: ['accounts'],
        security,
        body: EraseOwnAccount,
        response: {
          202: Erasure,
          ...problemResponses(
            ...([
              'unauthenticated',
              'invalid_credentials',
              'unprocessable',
              'account_not_settled',
              'last_admin',
            ] as const),
            ...(['second_factor_required', 'code_not_valid'] as const),
            ...(['rate_limited', 'origin_refused', 'overloaded', 'unavailable'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const erasure = await eraseOwnAccount(ctx, requests.requester(request), request.body);
      sendCookies(reply, [clearedCookie(ctx.cookie)]);
      reply.code(202);
      return erasureView(erasure);
    },
  );
}

function eraseAccountRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.post(
    '/api/v1/auth/admin/accounts/:id/erasure',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
      schema: {
        operationId: 'eraseAccount',
        summary: 'Erase an account for its owner',
        description: 'It cannot be undone. Doing so again answers the erasure that there is.',
        tags,
        security,
        params: schemas.ById,
        response: {
          202: Erasure,
          ...problemResponses(
            ...([...refusals, 'origin_refused', 'conflict', 'account_not_settled'] as const),
            ...(['last_admin', 'unavailable'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { id } = await operator(request);
      reply.code(202);
      return erasureView(await eraseAccount(ctx, id, request.params.id));
    },
  );
}

function eraseGuestRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.post(
    '/api/v1/auth/admin/guest-erasures',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'eraseGuestByAddress',
        summary: 'Erase all data of an e-mail address without an account',
        description:
          'Orders that were placed as a guest with this address lose it, with name, telephone and notes, as soon as they are settled; what books ' +
          'need stays. Mails to it, and invitations, are removed. The services confirm as they do for an account. Where an account has the ' +
          'address, the response is `conflict`: erase the account. Doing so again erases what has come since. It cannot be undone.',
        tags,
        security,
        body: EraseGuest,
        response: {
          202: Erasure,
          ...problemResponses('unauthenticated', 'forbidden', 'origin_refused', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const { id } = await operator(request);
      reply.code(202);
      return erasureView(await eraseGuest(ctx, id, request.body.email));
    },
  );
}

function readErasureRoutes(app: App, ctx: Context, operator: OperatorLookup): void {
  app.get(
    '/api/v1/auth/admin/erasures',
    {
      config: { ...config, permission: 'accounts:read' },
      schema: {
        operationId: 'listErasures',
        summary: 'Erasures of accounts, newest first, with what each service has done',
        tags,
        security,
        querystring: schemas.PageQuery,
        response: {
          200: schemas.pageOf(Erasure),
          ...problemResponses('unauthenticated', 'forbidden', 'invalid_cursor'),
        },
      },
    },
    async (request, reply) => {
      await operator(request);
      reply.header('cache-control', 'no-store');
      const rows = await listErasures(ctx, pageFrom(request.query));
      return pageView(rows, request.query.limit, erasureView);
    },
  );
  app.get(
    '/api/v1/auth/admin/erasures/:id',
    {
      config: { ...config, permission: 'accounts:read' },
      schema: {
        operationId: 'getErasure',
        summary: 'One erasure, with what each service has done',
        tags,
        security,
        params: schemas.ById,
        response: { 200: Erasure, ...problemResponses(...refusals) },
      },
    },
    async (request, reply) => {
      await operator(request);
      reply.header('cache-control', 'no-store');
      return erasureView(await getErasure(ctx, request.params.id));
    },
  );
}

function repeatErasureRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.post(
    '/api/v1/auth/admin/erasures/:id/repeat',
    {
      config: { ...config, permission: 'accounts:write', idempotent: true },
      schema: {
        operationId: 'repeatErasure',
        summary: 'Announce an erasure again',
        description:
          'For a service that has not confirmed: each does its part again, which changes nothing where it is done, and confirms.',
        tags,
        security,
        params: schemas.ById,
        response: { 202: Erasure, ...problemResponses(...refusals, 'origin_refused') },
      },
    },
    async (request, reply) => {
      await operator(request);
      reply.code(202);
      return erasureView(await repeatErasure(ctx, request.params.id));
    },
  );
}
