import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { requestPasswordReset, resetPassword } from '../actions/reset-password.ts';
import type { RequestContext } from './request-context.ts';
import * as schemas from './schemas.ts';

const tags = ['accounts'];
const config = { auth: 'none', idempotent: false } as const;

/** A new password for who has forgotten it, by a link in a mail. */
export function passwordResetRoutes(app: App, ctx: Context, requests: RequestContext): void {
  requestPasswordResetRoute(app, ctx, requests);
  resetPasswordRoute(app, ctx, requests);
}

function requestPasswordResetRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/request-password-reset',
    {
      config,
      schema: {
        operationId: 'requestPasswordReset',
        summary: 'Ask for a mail that resets the password',
        description:
          'The response is the same whether there is an account with this address or not. The link in the mail is good once, for 30 minutes.',
        tags,
        body: schemas.RequestPasswordReset,
        response: { 202: schemas.Success, ...problemResponses('rate_limited', 'origin_refused', 'overloaded') },
      },
    },
    async (request, reply) => {
      await requestPasswordReset(ctx, requests.requester(request), request.body.email);
      reply.code(202);
      return { success: true };
    },
  );
}

function resetPasswordRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/reset-password',
    {
      config,
      schema: {
        operationId: 'resetPassword',
        summary: 'Set a new password by the link in a mail',
        description:
          'Ends all sessions of the account. API keys stay. A password that is refused does not use up the link.',
        tags,
        body: schemas.ResetPassword,
        response: {
          200: schemas.Success,
          ...problemResponses('link_not_valid', 'weak_password', 'origin_refused', 'overloaded'),
        },
      },
    },
    async (request) => {
      await resetPassword(ctx, requests.requester(request), request.body);
      return { success: true };
    },
  );
}
