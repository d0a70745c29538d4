import { StaffRoleId } from '@tradepost/contracts/permissions';
import { Role } from '@tradepost/contracts/roles';
import { Id, Time } from '@tradepost/contracts/shapes';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { invite, listInvitations, resendInvitation, withdrawInvitation } from '../actions/invitations.ts';
import type { Invitation as StoredInvitation } from '../store/invitations.ts';
import { type OperatorLookup, onlyOperators } from './operator-lookup.ts';
import type { RequestContext } from './request-context.ts';
import * as schemas from './schemas.ts';
import { pageFrom, pageView } from './serializers.ts';

const tags = ['administration'];
const refusals = ['unauthenticated', 'forbidden', 'origin_refused'] as const;
const base = '/api/v1/auth/admin/invitations';

const NewInvitation = Type.Object(
  {
    email: schemas.Email,
    role: Type.Union([Type.Literal('seller'), Type.Literal('staff'), Type.Literal('admin')]),
    staffRole: Type.Optional(StaffRoleId),
  },
  { additionalProperties: false },
);
const Invitation = Type.Object({
  id: Id,
  email: Type.String(),
  role: Role,
  staffRole: Type.Union([StaffRoleId, Type.Null()]),
  invitedBy: Type.Object({ id: Id, name: Type.String() }),
  createdAt: Time,
  sentAt: Time,
  expiresAt: Time,
  expired: Type.Boolean(),
});

/** Routes by which operators invite others to work in the shop. */
export function invitationRoutes(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  listInvitationsRoute(app, ctx, operator);
  inviteRoute(app, ctx, requests, operator);
  resendInvitationRoute(app, ctx, requests, operator);
  withdrawInvitationRoute(app, ctx, operator);
}

function invitationView(one: StoredInvitation, now: Date): Static<typeof Invitation> {
  return {
    id: one.id,
    email: one.email,
    role: one.choice.role,
    staffRole: one.choice.staffRole ?? null,
    invitedBy: { id: one.invitedBy, name: one.invitedByName },
    createdAt: one.createdAt.toISOString(),
    sentAt: one.sentAt.toISOString(),
    expiresAt: one.expiresAt.toISOString(),
    expired: one.expiresAt <= now,
  };
}

function listInvitationsRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.get(
    base,
    {
      config: { auth: 'none', permission: 'staff:read' },
      schema: {
        operationId: 'listInvitations',
        summary: 'Invitations that were not accepted yet, newest first',
        tags,
        security: schemas.bySession,
        querystring: schemas.PageQuery,
        response: {
          200: schemas.pageOf(Invitation),
          ...problemResponses('unauthenticated', 'forbidden', 'invalid_cursor'),
        },
      },
    },
    async (request, reply) => {
      await operator(request);
      reply.header('cache-control', 'no-store');
      const rows = await listInvitations(ctx, pageFrom(request.query));
      return pageView(rows, request.query.limit, (row) => invitationView(row, ctx.now()));
    },
  );
}

function inviteRoute(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  app.post(
    base,
    {
      config: { auth: 'none', idempotent: false, permission: 'staff:write' },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'invite',
        summary: 'Invite an address to a role',
        description:
          'Sends a mail with a link that is good once, for 48 hours. An address has one invitation: another takes its place. Nobody invites ' +
          'to permissions that they do not hold.',
        tags,
        security: schemas.bySession,
        body: NewInvitation,
        response: { 201: Invitation, ...problemResponses(...refusals, 'rate_limited') },
      },
    },
    async (request, reply) => {
      const { id } = await operator(request);
      const invitation = await invite(ctx, requests.requester(request), id, request.body);
      return reply.code(201).send(invitationView(invitation, ctx.now()));
    },
  );
}

function resendInvitationRoute(app: App, ctx: Context, requests: RequestContext, operator: OperatorLookup): void {
  app.post(
    `${base}/:id/resend`,
    {
      config: { auth: 'none', idempotent: false, permission: 'staff:write' },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'resendInvitation',
        summary: 'Send the mail of an invitation again',
        description: 'With a new link, which is good for 48 hours; the one before is no longer good.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 200: Invitation, ...problemResponses(...refusals, 'not_found', 'rate_limited') },
      },
    },
    async (request) => {
      const { id } = await operator(request);
      const sent = await resendInvitation(ctx, requests.requester(request), id, request.params.id);
      return invitationView(sent, ctx.now());
    },
  );
}

function withdrawInvitationRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.delete(
    `${base}/:id`,
    {
      config: { auth: 'none', idempotent: true, permission: 'staff:write' },
      schema: {
        operationId: 'withdrawInvitation',
        summary: 'Withdraw an invitation',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 204: schemas.Nothing, ...problemResponses(...refusals, 'not_found') },
      },
    },
    async (request, reply) => {
      const { id } = await operator(request);
      await withdrawInvitation(ctx, id, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
