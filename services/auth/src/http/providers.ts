import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Context } from '../actions/context.ts';
import { beginConnecting, disconnect, finishConnecting, listIdentities } from '../actions/identities.ts';
import { beginAtProvider } from '../actions/provider-flow.ts';
import { signInByProvider } from '../actions/provider-sign-in.ts';
import { clearedCookie, providerCookie } from '../domain/cookies.ts';
import * as schemas from './provider-schemas.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import { ById, bySession, Nothing, OpenedSession } from './schemas.ts';
import { userView } from './serializers.ts';

const tags = ['sign-in providers'];
const config = { auth: 'none', idempotent: false } as const;
const beginning = ['not_found', 'provider_unavailable', 'rate_limited', 'origin_refused'] as const;
const finishing = [
  ...(['not_found', 'challenge_not_valid', 'provider_refused', 'provider_unavailable', 'conflict'] as const),
  'origin_refused',
] as const;

/** Signing in by an account at another provider, and connecting one to an account. */
export function providerRoutes(app: App, ctx: Context, requests: RequestContext): void {
  listRoute(app, ctx);
  beginSignInRoute(app, ctx, requests);
  finishSignInRoute(app, ctx, requests);
  identitiesRoute(app, ctx, requests);
  beginConnectingRoute(app, ctx, requests);
  finishConnectingRoute(app, ctx, requests);
  disconnectRoute(app, ctx, requests);
}

function listRoute(app: App, ctx: Context): void {
  app.get(
    '/api/v1/auth/providers',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'listSignInProviders',
        summary: 'By which other accounts people can sign in',
        tags,
        response: { 200: schemas.Providers },
      },
    },
    () => ({ items: ctx.providers.map(({ id, name }) => ({ id, name })) }),
  );
}

function beginSignInRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-in/provider',
    {
      config,
      schema: {
        operationId: 'beginProviderSignIn',
        summary: 'Begin to sign in by a provider',
        description:
          'Send the browser to `url`. The provider sends it back to the page `/sign-in/provider`; what it has added to the address goes to ' +
          '`/api/v1/auth/sign-in/provider/finish`, within ten minutes and from the browser that has the cookie of this response.',
        tags,
        body: schemas.BeginSignIn,
        response: { 200: schemas.Begun, ...problemResponses(...beginning) },
      },
    },
    async (request, reply) => {
      const { url, setCookie } = await beginAtProvider(ctx, requests.requester(request), {
        provider: request.body.provider,
      });
      sendCookies(reply, setCookie);
      return { url };
    },
  );
}

function finishSignInRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-in/provider/finish',
    {
      config,
      schema: {
        operationId: 'finishProviderSignIn',
        summary: 'Finish to sign in by a provider',
        description:
          'The response is that of a sign-in, also `second_factor_required`. The first time it creates an account, where the provider says that ' +
          'the e-mail address is verified (else `provider_email_not_verified`) and no account has it (else `email_taken`: sign in to that ' +
          'account and connect the provider to it).',
        tags,
        body: schemas.ProviderAnswer,
        response: {
          200: OpenedSession,
          ...problemResponses(
            ...finishing,
            ...(['email_taken', 'provider_email_not_verified', 'account_suspended', 'second_factor_required'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { token, user, setCookie } = await signInByProvider(ctx, requests.requester(request), request.body);
      sendCookies(reply, [...setCookie, clearedCookie(providerCookie(ctx.cookie))]);
      return { token, user: userView(user) };
    },
  );
}

function identitiesRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/identities',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'listIdentities',
        summary: 'The providers that are connected to your account',
        tags,
        security: bySession,
        response: { 200: schemas.Identities, ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      const { items, hasPassword } = await listIdentities(ctx, requests.requester(request));
      return { items: items.map((one) => schemas.identityView(one, ctx.providers)), hasPassword };
    },
  );
}

function beginConnectingRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/identities',
    {
      config,
      schema: {
        operationId: 'beginConnectingProvider',
        summary: 'Begin to connect a provider to your account',
        description:
          'Asks for the password, and for a verified e-mail address (`conflict`). Goes on as signing in by the provider does, and is finished at ' +
          '`/api/v1/auth/identities/finish` in the same session.',
        tags,
        security: bySession,
        body: schemas.BeginConnecting,
        response: {
          200: schemas.Begun,
          ...problemResponses(
            ...beginning,
            ...(['unauthenticated', 'invalid_credentials', 'unprocessable', 'conflict', 'overloaded'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { url, setCookie } = await beginConnecting(ctx, requests.requester(request), request.body);
      sendCookies(reply, setCookie);
      return { url };
    },
  );
}

function finishConnectingRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/identities/finish',
    {
      config,
      schema: {
        operationId: 'finishConnectingProvider',
        summary: 'Finish to connect a provider to your account',
        description: 'From now on it signs in to this account. Ten are connected at most (`conflict`).',
        tags,
        security: bySession,
        body: schemas.ProviderAnswer,
        response: { 200: schemas.Identity, ...problemResponses(...finishing, 'unauthenticated') },
      },
    },
    async (request, reply) => {
      const added = await finishConnecting(ctx, requests.requester(request), request.body);
      sendCookies(reply, [clearedCookie(providerCookie(ctx.cookie))]);
      return schemas.identityView(added, ctx.providers);
    },
  );
}

function disconnectRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.delete(
    '/api/v1/auth/identities/:id',
    {
      config: { ...config, idempotent: true },
      schema: {
        operationId: 'disconnectProvider',
        summary: 'Disconnect a provider from your account',
        description: 'Not the only way to sign in (`conflict`).',
        tags,
        security: bySession,
        params: ById,
        response: { 204: Nothing, ...problemResponses('unauthenticated', 'origin_refused', 'not_found', 'conflict') },
      },
    },
    async (request, reply) => {
      await disconnect(ctx, requests.requester(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}
