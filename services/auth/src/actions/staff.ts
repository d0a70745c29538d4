import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Role } from '@tradepost/contracts/roles';
import type { Context } from './context.ts';

/** Who works for the shop and must have a second factor where the shop asks for it. */
function isStaff({ role }: { role: Role }): boolean {
  return role === 'admin' || role === 'staff';
}

type Holder = { role: Role; secondFactor: boolean };

/** Whether an account must set up a second factor before it may do anything else. */
export function lacksSecondFactor(ctx: Pick<Context, 'requireSecondFactor'>, account: Holder): boolean {
  return ctx.requireSecondFactor === 'staff' && isStaff(account) && !account.secondFactor;
}

/** Throws `second_factor_not_set_up` for such an account. */
export function requireSecondFactor(ctx: Pick<Context, 'requireSecondFactor'>, account: Holder): void {
  if (!lacksSecondFactor(ctx, account)) return;
  throw new ProblemError(
    'second_factor_not_set_up',
    'Set up an authenticator app first: this shop asks its staff for it',
  );
}
