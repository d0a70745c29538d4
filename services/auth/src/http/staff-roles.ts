import { LineInput } from '@tradepost/contracts/input';
import { Permission, permissions, StaffRoleId } from '@tradepost/contracts/permissions';
import type { App } from '@tradepost/runtime/app';
import { problemResponses } from '@tradepost/runtime/schema';
import { type Static, Type } from 'typebox';
import type { Context } from '../actions/context.ts';
import { deleteStaffRole, type ListedRole, listStaffRoles, putStaffRole } from '../actions/staff-roles.ts';
import { type OperatorLookup, onlyOperators } from './operator-lookup.ts';
import * as schemas from './schemas.ts';

const tags = ['administration'];
const refusals = ['unauthenticated', 'forbidden', 'origin_refused', 'conflict'] as const;

const NewStaffRole = Type.Object(
  {
    name: LineInput(60, { examples: ['Returns'] }),
    permissions: Type.Array(Permission, { minItems: 1, maxItems: permissions.length }),
  },
  { additionalProperties: false },
);
const StaffRole = Type.Object({
  id: StaffRoleId,
  name: Type.String(),
  permissions: Type.Array(Type.String()),
  holders: Type.Integer({ minimum: 0, description: 'How many accounts have it' }),
  readyMade: Type.Boolean({ description: 'Every shop has it; it cannot be changed' }),
});
const StaffRoles = Type.Object({
  items: Type.Array(StaffRole),
  permissions: Type.Array(Type.String(), { description: 'All permissions that there are' }),
});

/** Routes by which operators manage the staff roles of the shop. */
export function staffRoleRoutes(app: App, ctx: Context, operator: OperatorLookup): void {
  listStaffRolesRoute(app, ctx, operator);
  saveStaffRoleRoute(app, ctx, operator);
  deleteStaffRoleRoute(app, ctx, operator);
}

const roleView = ({ id, name, permissions: held, holders, readyMade }: ListedRole): Static<typeof StaffRole> => ({
  ...{ id, name, holders, readyMade },
  permissions: [...held],
});

function listStaffRolesRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.get(
    '/api/v1/auth/admin/staff-roles',
    {
      config: { auth: 'none', permission: 'staff:read' },
      schema: {
        operationId: 'listStaffRoles',
        summary: 'Staff roles: the ready-made ones and the shop’s own',
        tags,
        security: schemas.bySession,
        response: { 200: StaffRoles, ...problemResponses('unauthenticated', 'forbidden') },
      },
    },
    async (request, reply) => {
      await operator(request);
      reply.header('cache-control', 'no-store');
      return { items: (await listStaffRoles(ctx)).map(roleView), permissions: [...permissions] };
    },
  );
}

function saveStaffRoleRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.put(
    '/api/v1/auth/admin/staff-roles/:id',
    {
      config: { auth: 'none', idempotent: true, permission: 'staff:write' },
      onRequest: onlyOperators(operator),
      schema: {
        operationId: 'saveStaffRole',
        summary: 'Create or change a staff role',
        description:
          'Choose a UUID for a new one. Whoever has the role may do its new permissions at once. Nobody gives or takes a permission that ' +
          'they do not hold, nor changes the role that they have.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        body: NewStaffRole,
        response: { 200: StaffRole, 201: StaffRole, ...problemResponses(...refusals) },
      },
    },
    async (request, reply) => {
      const { id: by } = await operator(request);
      const { role, created } = await putStaffRole(ctx, by, { id: request.params.id, ...request.body });
      return reply.code(created ? 201 : 200).send(roleView(role));
    },
  );
}

function deleteStaffRoleRoute(app: App, ctx: Context, operator: OperatorLookup): void {
  app.delete(
    '/api/v1/auth/admin/staff-roles/:id',
    {
      config: { auth: 'none', idempotent: true, permission: 'staff:write' },
      schema: {
        operationId: 'deleteStaffRole',
        summary: 'Delete a staff role',
        description: 'Refused with `conflict` while an account or an invitation has it.',
        tags,
        security: schemas.bySession,
        params: schemas.ById,
        response: { 204: schemas.Nothing, ...problemResponses(...refusals, 'not_found') },
      },
    },
    async (request, reply) => {
      const { id: by } = await operator(request);
      await deleteStaffRole(ctx, by, request.params.id);
      return reply.code(204).send(null);
    },
  );
}
