import { createHash, timingSafeEqual } from 'node:crypto';
import { EmailInput } from '@tradepost/contracts/input';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { App } from '@tradepost/runtime/app';
import { problemResponses, StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { suppressAddress } from '../actions/suppress-address.ts';

const Bounce = Type.Object(
  { address: EmailInput, type: StringEnum(['bounce', 'complaint']) },
  { additionalProperties: false },
);

/**
 * Bounces and complaints that the mail server learns of after it has taken a mail. For the webhook of a mail provider, or a program that reads
 * the mailbox that bounces go to.
 */
export function bounceRoute(app: App, ctx: Context, secret: string): void {
  const assertSecret = createSecretCheck(secret);
  app.post(
    '/api/v1/mail/bounces',
    {
      config: { auth: 'none', idempotent: true },
      // Before the body is read.
      onRequest: async (request) => assertSecret(request.headers['x-webhook-secret']),
      schema: {
        operationId: 'recordBounce',
        summary: 'Record a bounce or a complaint: nothing is sent to the address any more',
        description:
          'For mail providers: with the header `X-Webhook-Secret`. The same message may come any number of times.',
        tags: ['operations'],
        body: Bounce,
        response: { 204: Type.Null({ description: 'It is recorded' }), ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      await suppressAddress(ctx, request.body.address, request.body.type);
      return reply.code(204).send(null);
    },
  );
}

/** Digests have one length, so the time of the comparison says nothing about the secret. */
function createSecretCheck(secret: string): (given: string | string[] | undefined) => void {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  const expected = digest(secret);
  return (given) => {
    if (typeof given === 'string' && timingSafeEqual(digest(given), expected)) return;
    throw new ProblemError('unauthenticated', 'The header X-Webhook-Secret is missing or wrong');
  };
}
