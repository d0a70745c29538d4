import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { confirmNewEmail, requestEmailChange } from '../actions/change-email.ts';
import type { Context } from '../actions/context.ts';
import { sendVerificationEmail, verifyEmail } from '../actions/verify-email.ts';
import type { RequestContext } from './request-context.ts';
import * as schemas from './schemas.ts';

const tags = ['accounts'];
const config = { auth: 'none', idempotent: false } as const;

/** Verifying the address of an account, and changing it: both by links in mails. */
export function emailAddressRoutes(app: App, ctx: Context, requests: RequestContext): void {
  sendVerificationEmailRoute(app, ctx, requests);
  verifyEmailRoute(app, ctx);
  changeEmailRoute(app, ctx, requests);
  confirmNewEmailRoute(app, ctx, requests);
}

function sendVerificationEmailRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/send-verification-email',
    {
      config,
      schema: {
        operationId: 'sendVerificationEmail',
        summary: 'Send the mail that verifies the address again',
        description: 'The link in the mail is good once, for 24 hours. Earlier links stay good until then.',
        tags,
        security: schemas.bySession,
        response: {
          202: schemas.Success,
          ...problemResponses('unauthenticated', 'conflict', 'rate_limited', 'origin_refused'),
        },
      },
    },
    async (request, reply) => {
      await sendVerificationEmail(ctx, requests.requester(request));
      reply.code(202);
      return { success: true };
    },
  );
}

function verifyEmailRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/auth/verify-email',
    {
      config,
      schema: {
        operationId: 'verifyEmail',
        summary: 'Verify the address by the link in a mail',
        description: 'The token is enough: the link may be opened in another browser.',
        tags,
        body: schemas.LinkOfMail,
        response: { 200: schemas.VerifiedEmail, ...problemResponses('link_not_valid', 'origin_refused') },
      },
    },
    async (request) => {
      const { email, emailVerified } = await verifyEmail(ctx, request.body.token);
      return { email, emailVerified };
    },
  );
}

function changeEmailRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/change-email',
    {
      config,
      schema: {
        operationId: 'changeEmail',
        summary: 'Ask for a mail to a new address, which confirms it',
        description:
          'The address changes when the link in the mail is followed, within 24 hours. The response does not tell whether another account has the address.',
        tags,
        security: schemas.bySession,
        body: schemas.ChangeEmail,
        response: {
          202: schemas.Success,
          ...problemResponses(
            'unauthenticated',
            'invalid_credentials',
            'unprocessable',
            'rate_limited',
            'origin_refused',
            'overloaded',
          ),
        },
      },
    },
    async (request, reply) => {
      await requestEmailChange(ctx, requests.requester(request), request.body);
      reply.code(202);
      return { success: true };
    },
  );
}

function confirmNewEmailRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/confirm-new-email',
    {
      config,
      schema: {
        operationId: 'confirmNewEmail',
        summary: 'Change the address by the link in a mail',
        description: 'Ends all sessions of the account but the one that the request shows, if it shows one.',
        tags,
        body: schemas.LinkOfMail,
        response: {
          200: schemas.VerifiedEmail,
          ...problemResponses('link_not_valid', 'email_taken', 'origin_refused'),
        },
      },
    },
    async (request) => {
      const { email, emailVerified } = await confirmNewEmail(ctx, requests.requester(request), request.body.token);
      return { email, emailVerified };
    },
  );
}
