import { Role } from '@tradepost/contracts/roles';
import { Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { acceptInvitation, lookUpInvitation } from '../actions/accept-invitation.ts';
import type { Context } from '../actions/context.ts';
import { type RequestContext, sendCookies } from './request-context.ts';
import * as schemas from './schemas.ts';
import { userView } from './serializers.ts';

const tags = ['accounts'];

const AcceptInvitation = Type.Object(
  {
    ...schemas.LinkOfMail.properties,
    name: Type.Optional(schemas.Name),
    password: Type.Optional(schemas.SignUp.properties.password),
  },
  { additionalProperties: false },
);
const ShownInvitation = Type.Object({
  email: Type.String(),
  role: Role,
  roleName: Type.String(),
  invitedBy: Type.String(),
  hasAccount: Type.Boolean({ description: 'Whether the address has an account: it must be signed in to accept' }),
  expiresAt: Time,
});
const Accepted = Type.Object({
  user: schemas.User,
  token: Type.Optional(Type.String({ description: 'The session token of a new account' })),
});

/** Routes for who has the link of an invitation. */
export function invitationLinkRoutes(app: App, ctx: Context, requests: RequestContext): void {
  lookUpInvitationRoute(app, ctx);
  acceptInvitationRoute(app, ctx, requests);
}

function lookUpInvitationRoute(app: App, ctx: Context): void {
  app.post(
    '/api/v1/auth/invitations/look-up',
    {
      config: { auth: 'none', idempotent: true },
      schema: {
        operationId: 'lookUpInvitation',
        summary: 'What the link of an invitation is for',
        description: 'The link stays good.',
        tags,
        body: schemas.LinkOfMail,
        response: { 200: ShownInvitation, ...problemResponses('link_not_valid') },
      },
    },
    async (request, reply) => {
      const shown = await lookUpInvitation(ctx, request.body.token);
      reply.header('cache-control', 'no-store');
      const { email, choice, roleName, hasAccount, expiresAt, invitedByName } = shown;
      return {
        ...{ email, role: choice.role, roleName, hasAccount, invitedBy: invitedByName },
        expiresAt: expiresAt.toISOString(),
      };
    },
  );
}

function acceptInvitationRoute(app: App, ctx: Context, requests: RequestContext): void {
  app.post(
    '/api/v1/auth/invitations/accept',
    {
      config: { auth: 'none', idempotent: false },
      schema: {
        operationId: 'acceptInvitation',
        summary: 'Accept an invitation by the link in the mail',
        description:
          'Without an account of the address: makes one with `name` and `password`, and signs it in. With one: its session is needed, and ' +
          'it gets the role. The link is good once.',
        tags,
        body: AcceptInvitation,
        response: {
          200: Accepted,
          ...problemResponses(
            ...(['link_not_valid', 'weak_password', 'email_taken', 'unauthenticated', 'forbidden'] as const),
            ...(['conflict', 'origin_refused', 'rate_limited', 'overloaded'] as const),
          ),
        },
      },
    },
    async (request, reply) => {
      const { account, signedIn } = await acceptInvitation(ctx, requests.requester(request), request.body);
      sendCookies(reply, signedIn?.setCookie ?? []);
      return { user: userView(account), ...(signedIn && { token: signedIn.token }) };
    },
  );
}
