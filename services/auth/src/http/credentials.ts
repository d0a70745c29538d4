import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { authenticate } from '../actions/authenticate.ts';
import { changePassword } from '../actions/change-password.ts';
import type { Context } from '../actions/context.ts';
import { changeProfile } from '../actions/manage-accounts.ts';
import { signIn } from '../actions/sign-in.ts';
import { signOut } from '../actions/sign-out.ts';
import { signUp } from '../actions/sign-up.ts';
import { clearedCookie } from '../domain/cookies.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import * as schemas from './schemas.ts';
import { userView } from './serializers.ts';

const tags = ['accounts'];
const config = { auth: 'none' } as const;

/** Signing up, in and out, and what somebody may change of their own account. */
export function credentialRoutes(app: App, ctx: Context, requests: RequestContext): void {
  signUpRoute(app, ctx, requests);
  signInRoute(app, ctx, requests);
  signOutRoute(app, ctx, requests);
  changePasswordRoute(app, ctx, requests);
  updateUserRoute(app, ctx, requests);
}

function signUpRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-up/email',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'signUp',
        summary: 'Create an account',
        description:
          'And sign in: the answer has a session token, and sets the session cookie. The role is `customer`.',
        tags,
        body: schemas.SignUp,
        response: {
          200: schemas.OpenedSession,
          ...problemResponses('email_taken', 'weak_password', 'rate_limited', 'overloaded'),
        },
      },
    },
    async (request, reply) => {
      const { token, user, setCookie } = await signUp(ctx, requests.requester(request), request.body);
      sendCookies(reply, setCookie);
      return { token, user: userView(user) };
    },
  );
}

function signInRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-in/email',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'signIn',
        summary: 'Sign in',
        description:
          'The response has a session token and sets the session cookie. Where the account has a second factor, the response is the problem `second_factor_required` with the members `challenge` and `expiresAt`: send the challenge with a code to `/api/v1/auth/sign-in/second-factor`. A client that knows of the second factor can send a `code` at once; a wrong one is answered `code_not_valid`.',
        tags,
        body: schemas.SignIn,
        response: {
          200: schemas.OpenedSession,
          ...problemResponses(
            'invalid_credentials',
            'second_factor_required',
            'code_not_valid',
            'account_suspended',
            'rate_limited',
            'overloaded',
          ),
        },
      },
    },
    async (request, reply) => {
      const { token, user, setCookie } = await signIn(ctx, requests.requester(request), request.body);
      sendCookies(reply, setCookie);
      return { token, user: userView(user) };
    },
  );
}

function signOutRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-out',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'signOut',
        summary: 'Sign out',
        description: 'Ends the session. Idempotent: a session that has already ended gives the same response.',
        tags,
        security: schemas.bySession,
        response: { 200: schemas.Success, ...problemResponses('unauthenticated', 'origin_refused') },
      },
    },
    async (request, reply) => {
      await signOut(ctx, requests.requester(request));
      sendCookies(reply, [clearedCookie(ctx.cookie)]);
      return { success: true };
    },
  );
}

function changePasswordRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/change-password',
    {
      config: { ...config, idempotent: false },
      schema: {
        operationId: 'changePassword',
        summary: 'Change the password',
        description: 'Ends all sessions of the account and begins a new one, whose token is in the response.',
        tags,
        security: schemas.bySession,
        body: schemas.ChangePassword,
        response: {
          200: schemas.OpenedSession,
          ...problemResponses(
            'unauthenticated',
            'invalid_credentials',
            'unprocessable',
            'weak_password',
            'rate_limited',
            'origin_refused',
          ),
        },
      },
    },
    async (request, reply) => {
      const { token, user, setCookie } = await changePassword(ctx, requests.requester(request), request.body);
      sendCookies(reply, setCookie);
      return { token, user: userView(user) };
    },
  );
}

function updateUserRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/update-user',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'updateUser',
        summary: 'Change the name, or the language of mails',
        description: 'What is left out stays as it is.',
        tags,
        security: schemas.bySession,
        body: schemas.UpdateUser,
        response: { 200: schemas.User, ...problemResponses('unauthenticated', 'origin_refused') },
      },
    },
    async (request) => {
      const { account } = await authenticate(ctx, requests.requester(request));
      return userView(await changeProfile(ctx, account.id, request.body));
    },
  );
}
