import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { beginSetup, confirmSetup, renewRecoveryCodes, secondFactorState, turnOff } from '../actions/second-factor.ts';
import { finishSignIn } from '../actions/second-step.ts';
import * as schemas from './factor-schemas.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import { bySession, Nothing, OpenedSession } from './schemas.ts';
import { userView } from './serializers.ts';

const tags = ['second factors'];
const config = { auth: 'none', idempotent: false } as const;
const refusals = ['unauthenticated', 'conflict', 'rate_limited', 'origin_refused'] as const;

/** A second factor of an account: an authenticator app, and recovery codes for when it is lost. */
export function secondFactorRoutes(app: App, ctx: Context, requests: RequestContext): void {
  stateRoute(app, ctx, requests);
  beginSetupRoute(app, ctx, requests);
  confirmSetupRoute(app, ctx, requests);
  turnOffRoute(app, ctx, requests);
  recoveryCodesRoute(app, ctx, requests);
  secondStepRoute(app, ctx, requests);
}

function stateRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/two-factor',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'getSecondFactor',
        summary: 'Whether your account has a second factor',
        tags,
        security: bySession,
        response: { 200: schemas.SecondFactor, ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { enabledAt, ...state } = await secondFactorState(ctx, requests.requester(request));
      return { ...state, enabledAt: enabledAt?.toISOString() ?? null };
    },
  );
}

function beginSetupRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/two-factor/enable',
    {
      config,
      schema: {
        operationId: 'beginSecondFactor',
        summary: 'Begin to set up an authenticator app',
        description:
          'Returns a secret for an authenticator app (RFC 6238). Nothing changes before `confirm` is called with a code of the app. A repetition makes another secret.',
        tags,
        security: bySession,
        body: schemas.BeginSetup,
        response: {
          200: schemas.TotpSecret,
          ...problemResponses(...refusals, 'invalid_credentials', 'unprocessable', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return beginSetup(ctx, requests.requester(request), request.body.currentPassword);
    },
  );
}

function confirmSetupRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/two-factor/confirm',
    {
      config,
      schema: {
        operationId: 'confirmSecondFactor',
        summary: 'Turn the second factor on',
        description:
          'By a first code of the app. From now on a sign-in by password needs a code. Ends your other sessions, and returns ten recovery codes, which are not shown again.',
        tags,
        security: bySession,
        body: schemas.ConfirmSetup,
        response: { 200: schemas.RecoveryCodes, ...problemResponses(...refusals, 'code_not_valid') },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { recoveryCodes: await confirmSetup(ctx, requests.requester(request), request.body.code) };
    },
  );
}

function turnOffRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/two-factor/disable',
    {
      config,
      schema: {
        operationId: 'disableSecondFactor',
        summary: 'Turn the second factor off',
        description: 'Recovery codes end with it. Passkeys stay.',
        tags,
        security: bySession,
        body: schemas.PasswordAndCode,
        response: {
          204: Nothing,
          ...problemResponses(...refusals, 'invalid_credentials', 'unprocessable', 'code_not_valid', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      await turnOff(ctx, requests.requester(request), request.body);
      return reply.code(204).send(null);
    },
  );
}

function recoveryCodesRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/two-factor/recovery-codes',
    {
      config,
      schema: {
        operationId: 'renewRecoveryCodes',
        summary: 'New recovery codes',
        description: 'Ten, in place of those that there are. They are not shown again.',
        tags,
        security: bySession,
        body: schemas.PasswordAndCode,
        response: {
          200: schemas.RecoveryCodes,
          ...problemResponses(...refusals, 'invalid_credentials', 'unprocessable', 'code_not_valid', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { recoveryCodes: await renewRecoveryCodes(ctx, requests.requester(request), request.body) };
    },
  );
}

function secondStepRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-in/second-factor',
    {
      config,
      schema: {
        operationId: 'finishSignIn',
        summary: 'Finish a sign-in with a code',
        description:
          'With the challenge of `second_factor_required`: it is good for five minutes, once, and from the client that began. The response is that of a sign-in.',
        tags,
        body: schemas.SecondStep,
        response: {
          200: OpenedSession,
          ...problemResponses(
            'challenge_not_valid',
            'code_not_valid',
            'account_suspended',
            'rate_limited',
            'origin_refused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { token, user, setCookie } = await finishSignIn(ctx, requests.requester(request), request.body);
      sendCookies(reply, setCookie);
      return { token, user: userView(user) };
    },
  );
}
