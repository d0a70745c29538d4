import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import { setRole } from '../store/account-changes.ts';
import { type Account, lockAccount } from '../store/accounts.ts';
import { lockStaff, type RoleChoice } from '../store/staff-roles.ts';
import type { Context } from './context.ts';
import {
  announceRights,
  assertHoldsAllOf,
  assertNotOneself,
  permissionsOfChoice,
  requireOperator,
} from './operators.ts';

/**
 * Gives an account a role. Nobody changes their own, and only an admin takes the role of an admin away: whoever does so is one and
 * stays one, so there is always an admin left, also where two do it at once.
 */
export function assignRole(ctx: Context, operatorId: string, id: string, choice: RoleChoice): Promise<Account> {
  assertNotOneself(operatorId, id);
  return ctx.pool.transaction(async (tx) => {
    await lockStaff(tx);
    const operator = await requireOperator(ctx, tx, operatorId, 'staff:write');
    const target = await lockAccount(tx, id);
    if (!target) throw new ProblemError('not_found', 'There is no such account');
    assertHoldsAllOf(operator, target);
    assertHoldsAllOf(operator, await permissionsOfChoice(tx, choice));
    return changeRole(tx, id, choice);
  });
}

/** Writes the role of a locked account, and says so. */
export async function changeRole(tx: Tx, id: string, choice: RoleChoice): Promise<Account> {
  const changed = await setRole(tx, id, choice);
  if (!changed) throw new ProblemError('not_found', 'There is no such account');
  await announceRights(tx, changed);
  return changed;
}
