import { ProblemError } from '@tradepost/contracts/problem-error';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { requireIdentity } from '@tradepost/runtime/identity';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { readReconciliation, resolveReportedDifference } from '../actions/read-reconciliation.ts';
import { formatOrderNumber } from '../domain/order-number.ts';
import * as requests from './request-schemas.ts';

const tags = ['operations'];

const Amounts = Type.Record(Type.String(), Type.Unknown(), { description: 'Amounts in minor units' });

const Reconciliation = Type.Object({
  checkedAt: Type.Union([Time, Type.Null()], {
    description: 'When the ledger was last compared with a provider’s books',
  }),
  accounts: Type.Array(Type.Object({ account: Type.String(), currency: Type.String(), balance: Type.Integer() }), {
    description: 'The sum of every account of the ledger, in minor units; together they are 0 in each currency',
  }),
  imbalances: Type.Array(
    Type.Object({ orderId: Id, account: Type.String(), ledger: Type.Integer(), order: Type.Integer() }),
    { description: 'Orders whose ledger does not say what the order says: at most 100; empty where all is well' },
  ),
  differences: Type.Array(
    Type.Object({
      id: Id,
      orderId: Id,
      orderNumber: Type.String(),
      foundAt: Time,
      description: Type.String(),
      ledger: Amounts,
      provider: Amounts,
    }),
    { description: 'What the books of a payment provider say otherwise, until an operator resolves it: at most 100' },
  ),
});

/** Whether the ledger balances with the orders, and agrees with the books of the payment providers. */
export function reconciliationRoutes(app: App, ctx: Context): void {
  app.get(
    '/api/v1/admin/order/reconciliation',
    {
      config: { permission: 'payments:read' },
      schema: {
        operationId: 'getReconciliation',
        summary: 'Whether the ledger balances, and what differs from the books of payment providers',
        tags,
        response: { 200: Reconciliation, ...problemResponses('forbidden') },
      },
    },
    async () => {
      const { checkedAt, differences, ...rest } = await readReconciliation(ctx.pool);
      return {
        checkedAt: checkedAt?.toISOString() ?? null,
        ...rest,
        differences: differences.map(({ orderNumber, foundAt, resolvedAt: _, ...difference }) => ({
          ...difference,
          orderNumber: formatOrderNumber(orderNumber),
          foundAt: foundAt.toISOString(),
        })),
      };
    },
  );

  app.post(
    '/api/v1/admin/order/payment-differences/:id/resolve',
    {
      config: { permission: 'payments:write', idempotent: true },
      schema: {
        operationId: 'resolvePaymentDifference',
        summary: 'Mark a difference from a provider’s books as resolved',
        description: 'Doing so again changes nothing.',
        tags,
        params: requests.ById,
        response: { 204: Type.Null(), ...problemResponses('forbidden', 'not_found') },
      },
    },
    async (request, reply) => {
      const { accountId } = requireIdentity(request);
      const { id } = request.params;
      if (!(await resolveReportedDifference(ctx, id, accountId)))
        throw new ProblemError('not_found', `There is no difference ${id}`);
      return reply.code(204).send(null);
    },
  );
}
