import type { Permission } from '@tradepost/contracts/permissions';
import { hasPermission, isReadyMadeRole, permissions, readyMadeRoles } from '@tradepost/contracts/permissions';
import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Db, Tx } from '@tradepost/postgres/db';
import { accountChanged, accountStatusChanged, publishEvents, sessionsRevoked } from '../store/account-events.ts';
import { type Account, accountById } from '../store/accounts.ts';
import { endActingSessions } from '../store/ended-sessions.ts';
import { customRole, type RoleChoice } from '../store/staff-roles.ts';
import type { Context } from './context.ts';
import { isBanned } from './manage-accounts.ts';

type Holder = Pick<Account, 'role' | 'permissions'>;

/**
 * The operator as they are now, after the lock: somebody who was demoted or banned since the request began is refused. Throws
 * `forbidden`.
 */
export async function requireOperator(ctx: Context, db: Db, id: string, permission: Permission): Promise<Account> {
  const operator = await accountById(db, id);
  if (operator && !isBanned(operator, ctx.now()) && hasPermission(operator, permission)) return operator;
  throw new ProblemError('forbidden', `Only an operator with the permission ${permission} may do this`);
}

/** Whether somebody may do all that another may. Only an admin stands above an admin. */
export function holdsAllOf(operator: Holder, other: Holder): boolean {
  if (operator.role === 'admin') return true;
  return other.role !== 'admin' && other.permissions.every((permission) => operator.permissions.includes(permission));
}

/** Refuses to give, change or take what the operator does not hold. */
export function assertHoldsAllOf(operator: Holder, other: Holder): void {
  if (holdsAllOf(operator, other)) return;
  throw new ProblemError('forbidden', 'Nobody gives or takes permissions that they do not hold');
}

/** Nobody does it to themselves: the last admin could not undo it. */
export function assertNotOneself(operatorId: string, id: string): void {
  if (operatorId === id) throw new ProblemError('conflict', 'Nobody does this to their own account: ask another admin');
}

/** What a role will allow whoever has it. Throws `validation_failed` where there is no such staff role. */
export async function permissionsOfChoice(db: Db, { role, staffRole }: RoleChoice): Promise<Holder> {
  if ((role === 'staff') !== (staffRole !== undefined)) {
    throw badField('/staffRole', role === 'staff' ? 'is required for staff' : 'is for staff only');
  }
  if (staffRole === undefined) return { role, permissions: role === 'admin' ? permissions : [] };
  if (isReadyMadeRole(staffRole)) return { role, permissions: readyMadeRoles[staffRole].permissions };
  const own = await customRole(db, staffRole);
  if (!own) throw badField('/staffRole', 'there is no such staff role');
  return { role, permissions: own.permissions };
}

export function badField(field: string, message: string): ProblemError {
  return new ProblemError('validation_failed', 'One field is not valid', { errors: [{ field, message }] });
}

/**
 * Says that what an account may do has changed. The gateway drops its access tokens, also those that clients hold; sessions in which it
 * acts as a customer end.
 */
export async function announceRights(tx: Tx, account: Account): Promise<void> {
  const acting = await endActingSessions(tx, account.id);
  await publishEvents(tx, [accountChanged(account), accountStatusChanged(account), ...sessionsRevoked(acting)]);
}
