import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { handlePaymentMessages } from '../actions/handle-payment-messages.ts';
import {
  type PaymentMessage,
  type PaymentProvider,
  type PaymentProviders,
  WebhookError,
} from '../payments/provider.ts';

/** Bytes of one message: those of Stripe are at most some tens of KiB. */
const BODY_LIMIT = 256 * 1024;

/** Where payment providers send their messages: the body is passed on as it came, since its signature covers every byte. */
export function paymentEventRoute(app: App, ctx: Context & { providers: PaymentProviders }): void {
  app.register(async (scope: App) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post(
      '/api/v1/payments/:provider/events',
      {
        config: { auth: 'none', idempotent: true },
        bodyLimit: BODY_LIMIT,
        schema: {
          operationId: 'receivePaymentEvents',
          summary: 'The webhook of a payment provider',
          description:
            'For payment providers: the body in the form of the provider, with its signature in a header. The same message may come any ' +
            'number of times, and messages in any order.',
          tags: ['payments'],
          params: Type.Object(
            { provider: Type.String({ pattern: '^[a-z0-9-]{1,40}$', description: 'The payment provider' }) },
            { additionalProperties: false },
          ),
          response: {
            200: Type.Object({ received: Type.Integer({ description: 'Number of messages in the body' }) }),
            ...problemResponses('not_found', 'webhook_not_valid'),
          },
        },
      },
      async (request) => {
        const { provider: name } = request.params;
        const provider = ctx.providers.get(name);
        if (!provider?.parseWebhook)
          throw new ProblemError('not_found', `No payment provider ${name} sends messages here`);
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        const messages = await parse(provider, body, request.headers);
        if (messages.length > 0) await handlePaymentMessages(ctx, name, messages);
        return { received: messages.length };
      },
    );
  });
}

async function parse(
  provider: PaymentProvider,
  body: Buffer,
  headers: Parameters<NonNullable<PaymentProvider['parseWebhook']>>[1],
): Promise<PaymentMessage[]> {
  try {
    return (await provider.parseWebhook?.(body, headers)) ?? [];
  } catch (err) {
    if (err instanceof WebhookError) throw new ProblemError('webhook_not_valid', err.message);
    throw err;
  }
}
