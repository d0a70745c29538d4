import { ACCOUNT_EXPORT_FORMAT } from '@tradepost/contracts/account-export';
import { IdInput } from '@tradepost/contracts/input';
import { ProblemError } from '@tradepost/contracts/problem-error';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { type ExportContext, exportAccount } from '../actions/export-account.ts';
import type { RateLimiter } from '../actions/rate-limiter.ts';
import { gatewayContextOf } from './gateway-context.ts';
import type { IngressOptions } from './ingress-hook.ts';
import { limitRate } from './rate-limits.ts';

const Part = (description: string) => Type.Record(Type.String(), Type.Unknown(), { description });

const AccountExport = Type.Object({
  format: Type.Literal(ACCOUNT_EXPORT_FORMAT),
  accountId: Id,
  exportedAt: Time,
  parts: Type.Object({
    auth: Part('Account, sessions, devices, API keys, links in mails'),
    product: Part('Products that the account sells'),
    order: Part('Orders with addresses, payments, parcels and refunds; carts, saved addresses'),
    notification: Part('Address, mails, suppressions, kinds of mails that are not wanted'),
    'api-gateway': Part('Requests of the account that changed something, with address and browser'),
  }),
});

export type ExportRouteOptions = ExportContext & {
  limiter: RateLimiter | undefined;
  limits: Pick<IngressOptions, 'limits' | 'onLimited'>;
  /** Writes the audit entry: who took whose data. */
  audit: IngressOptions['onChange'];
};

const refusals = ['unauthenticated', 'forbidden', 'rate_limited', 'unavailable'] as const;

/** The export of an account: to itself, and to operators. Each is recorded in the audit trail. */
export function accountExportRoutes(app: App, o: ExportRouteOptions): void {
  app.get(
    '/api/v1/account/export',
    {
      schema: {
        operationId: 'exportOwnAccount',
        summary: 'All data of the own account, as one JSON document',
        description:
          'No passwords and no data of cards. When one of the services does not answer, there is no document (503). A few times an hour.',
        tags: ['accounts'],
        response: { 200: AccountExport, ...problemResponses(...refusals) },
      },
    },
    (request, reply) => send(request, reply, requireIdentity(request).accountId),
  );
  app.post(
    '/api/v1/admin/api-gateway/accounts/:id/export',
    {
      config: { permission: 'accounts:write', idempotent: true },
      schema: {
        operationId: 'exportAccount',
        summary: 'All data of an account, for an answer to its owner',
        tags: ['operations'],
        params: Type.Object({ id: IdInput }, { additionalProperties: false }),
        response: { 200: AccountExport, ...problemResponses(...refusals) },
      },
    },
    (request, reply) => send(request, reply, request.params.id),
  );

  async function send(
    request: Pick<FastifyRequest, 'headers'> & FastifyRequest,
    reply: FastifyReply,
    accountId: string,
  ): Promise<never> {
    const context = gatewayContextOf(request);
    const limited = limitRate(o.limiter, requireIdentity(request).accountId, context, o.limits);
    if (limited) throw limited;
    o.audit(request, reply, context);
    const { authorization } = request.headers;
    if (authorization === undefined) throw new ProblemError('unauthenticated', 'An access token is required');
    const text = await exportAccount(o, accountId, authorization);
    reply.header('cache-control', 'no-store').header('content-disposition', 'attachment; filename="my-data.json"');
    // as: it is the text of an AccountExport, which is not read and written once more.
    return reply.type('application/json; charset=utf-8').send(text) as never;
  }
}
