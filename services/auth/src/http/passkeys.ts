import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import type { Static } from 'typebox';
import type { Context } from '../actions/context.ts';
import { beginPasskeySignIn, signInWithPasskey } from '../actions/passkey-sign-in.ts';
import { addPasskey, beginPasskey, listPasskeys, removePasskey, renamePasskey } from '../actions/passkeys.ts';
import type { Passkey } from '../store/passkeys.ts';
import * as schemas from './factor-schemas.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import { ById, bySession, Nothing, OpenedSession } from './schemas.ts';
import { userView } from './serializers.ts';

const tags = ['passkeys'];
const config = { auth: 'none', idempotent: false } as const;
const refusals = ['unauthenticated', 'origin_refused'] as const;

/** Passkeys (WebAuthn), which sign in without a password and count as both factors. */
export function passkeyRoutes(app: App, ctx: Context, requests: RequestContext): void {
  beginPasskeyRoute(app, ctx, requests);
  addPasskeyRoute(app, ctx, requests);
  listPasskeysRoute(app, ctx, requests);
  renamePasskeyRoute(app, ctx, requests);
  removePasskeyRoute(app, ctx, requests);
  beginSignInRoute(app, ctx, requests);
  signInRoute(app, ctx, requests);
}

function passkeyView({ id, name, createdAt, lastUsedAt }: Passkey): Static<typeof schemas.Passkey> {
  return { id, name, createdAt: createdAt.toISOString(), lastUsedAt: lastUsedAt?.toISOString() ?? null };
}

function beginPasskeyRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/passkeys/options',
    {
      config,
      schema: {
        operationId: 'beginPasskey',
        summary: 'Begin to add a passkey',
        description:
          'Returns what the browser makes the passkey with (`navigator.credentials.create`). Good for five minutes, in this session.',
        tags,
        security: bySession,
        body: schemas.BeginSetup,
        response: {
          200: schemas.PasskeyCreation,
          ...problemResponses(
            ...refusals,
            'invalid_credentials',
            'unprocessable',
            'conflict',
            'rate_limited',
            'overloaded',
          ),
        },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { ...(await beginPasskey(ctx, requests.requester(request), request.body.currentPassword)) };
    },
  );
}

function addPasskeyRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/passkeys',
    {
      config,
      schema: {
        operationId: 'addPasskey',
        summary: 'Add a passkey',
        tags,
        security: bySession,
        body: schemas.NewPasskey,
        response: {
          201: schemas.Passkey,
          ...problemResponses(...refusals, 'challenge_not_valid', 'passkey_not_valid', 'conflict'),
        },
      },
    },
    async (request, reply) => {
      const added = await addPasskey(ctx, requests.requester(request), request.body);
      reply.code(201);
      return passkeyView(added);
    },
  );
}

function listPasskeysRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.get(
    '/api/v1/auth/passkeys',
    {
      config: { auth: 'none' },
      schema: {
        operationId: 'listPasskeys',
        summary: 'Your passkeys, newest first',
        tags,
        security: bySession,
        response: { 200: schemas.Passkeys, ...problemResponses('unauthenticated') },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { items: (await listPasskeys(ctx, requests.requester(request))).map(passkeyView) };
    },
  );
}

function renamePasskeyRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.patch(
    '/api/v1/auth/passkeys/:id',
    {
      config: { auth: 'none', idempotent: true },
      schema: {
        operationId: 'renamePasskey',
        summary: 'Rename a passkey',
        tags,
        security: bySession,
        params: ById,
        body: schemas.PasskeyName,
        response: { 200: schemas.Passkey, ...problemResponses(...refusals, 'not_found') },
      },
    },
    async (request) =>
      passkeyView(await renamePasskey(ctx, requests.requester(request), request.params.id, request.body.name)),
  );
}

function removePasskeyRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.delete(
    '/api/v1/auth/passkeys/:id',
    {
      config: { auth: 'none', idempotent: true },
      schema: {
        operationId: 'removePasskey',
        summary: 'Remove a passkey',
        tags,
        security: bySession,
        params: ById,
        response: { 204: Nothing, ...problemResponses(...refusals, 'not_found') },
      },
    },
    async (request, reply) => {
      await removePasskey(ctx, requests.requester(request), request.params.id);
      return reply.code(204).send(null);
    },
  );
}

function beginSignInRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-in/passkey/options',
    {
      config,
      schema: {
        operationId: 'beginPasskeySignIn',
        summary: 'Begin to sign in with a passkey',
        description:
          'Returns what the browser asks for a passkey with (`navigator.credentials.get`). Good for five minutes, once, and for the client that began.',
        tags,
        response: { 200: schemas.PasskeyRequest, ...problemResponses('rate_limited', 'origin_refused') },
      },
    },
    async (request, reply) => {
      reply.header('cache-control', 'no-store');
      return { ...(await beginPasskeySignIn(ctx, requests.requester(request))) };
    },
  );
}

function signInRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/sign-in/passkey',
    {
      config,
      schema: {
        operationId: 'signInWithPasskey',
        summary: 'Sign in with a passkey',
        description: 'Counts as both factors. The response is that of a sign-in.',
        tags,
        body: schemas.PasskeySignIn,
        response: {
          200: OpenedSession,
          ...problemResponses('challenge_not_valid', 'passkey_not_valid', 'account_suspended', 'origin_refused'),
        },
      },
    },
    async (request, reply) => {
      const { token, user, setCookie } = await signInWithPasskey(
        ctx,
        requests.requester(request),
        request.body.response,
      );
      sendCookies(reply, setCookie);
      return { token, user: userView(user) };
    },
  );
}
