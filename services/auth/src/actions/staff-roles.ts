import { type Permission, type ReadyMadeRole, readyMadeRoles } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { accountById } from '../store/accounts.ts';
import {
  type CustomRole,
  customRole,
  customRoles,
  deleteCustomRole,
  holdersOf,
  holdersOfReadyMadeRoles,
  isInvited,
  isNameTaken,
  lockStaff,
  putCustomRole,
  raiseStatusVersions,
} from '../store/staff-roles.ts';
import type { Context } from './context.ts';
import { announceRights, assertHoldsAllOf, requireOperator } from './operators.ts';

/** A staff role as operators see it. */
export type ListedRole = CustomRole & { readyMade: boolean };

const MOST_ROLES = 100;

/** All staff roles: the ready-made ones, then the shop's own by name. */
export async function listStaffRoles(ctx: Context): Promise<ListedRole[]> {
  const [own, holders] = await Promise.all([customRoles(ctx.pool), holdersOfReadyMadeRoles(ctx.pool)]);
  // as: they are the keys of this object.
  const keys = Object.keys(readyMadeRoles) as ReadyMadeRole[];
  return [
    ...keys.map((id) => ({ id, ...readyMadeRoles[id], holders: holders.get(id) ?? 0, readyMade: true })),
    ...own.map((role) => ({ ...role, readyMade: false })),
  ];
}

/**
 * Creates a staff role under an id that the client chose, or changes it. Whoever holds it may do the new permissions at once, and no
 * longer the old ones. Nobody gives or takes a permission that they do not hold, nor changes the role that they have.
 */
export function putStaffRole(
  ctx: Context,
  operatorId: string,
  wanted: { id: string; name: string; permissions: readonly Permission[] },
): Promise<{ role: ListedRole; created: boolean }> {
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const operator = await requireOperator(ctx, tx, operatorId, 'staff:write');
    assertNotOwn(operator.staffRole?.id, wanted.id);
    const before = await customRole(tx, wanted.id);
    for (const { permissions } of before ? [before, wanted] : [wanted]) {
      assertHoldsAllOf(operator, { role: 'staff', permissions });
    }
    if (!before && (await customRoles(tx)).length >= MOST_ROLES) {
      throw new ProblemError('conflict', `A shop has at most ${MOST_ROLES} staff roles of its own`);
    }
    if (isReadyMadeName(wanted.name) || (await isNameTaken(tx, wanted.id, wanted.name))) {
      throw new ProblemError('conflict', 'Another staff role has this name');
    }
    await putCustomRole(tx, { ...wanted, permissions: [...new Set(wanted.permissions)].sort() });
    if (before) await announceHolders(tx, wanted.id);
    return { role: await requireRole(tx, wanted.id), created: !before };
  });
}

/** Deletes a staff role that nobody has and no invitation gives. Throws `conflict` otherwise: nobody loses permissions unnoticed. */
export function deleteStaffRole(ctx: Context, operatorId: string, id: string): Promise<void> {
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const operator = await requireOperator(ctx, tx, operatorId, 'staff:write');
    const role = await requireRole(tx, id);
    assertHoldsAllOf(operator, { role: 'staff', permissions: role.permissions });
    if (role.holders > 0 || (await isInvited(tx, id))) {
      throw new ProblemError('conflict', 'Accounts or invitations have this role: give them another one first');
    }
    await deleteCustomRole(tx, id);
  });
}

async function announceHolders(tx: Tx, roleId: string): Promise<void> {
  const ids = await holdersOf(tx, roleId);
  await raiseStatusVersions(tx, ids);
  for (const id of ids) {
    const holder = await accountById(tx, id);
    if (holder) await announceRights(tx, holder);
  }
}

async function requireRole(tx: Tx, id: string): Promise<ListedRole> {
  const role = await customRole(tx, id);
  if (!role) throw new ProblemError('not_found', 'There is no such staff role');
  return { ...role, readyMade: false };
}

function isReadyMadeName(name: string): boolean {
  return Object.values(readyMadeRoles).some((role) => role.name.toLowerCase() === name.toLowerCase());
}

function assertNotOwn(own: string | undefined, id: string): void {
  if (own === id) throw new ProblemError('conflict', 'Nobody changes the role that they have');
}
