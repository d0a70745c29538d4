import type { Permission } from '@tradepost/contracts/permissions';
import type { AccessClaims, Role } from '@tradepost/contracts/roles';

type Account = {
  id: string;
  role: Role;
  name: string;
  email: string;
  emailVerified: boolean;
  permissions: readonly Permission[];
};

/** What an API key may do of what its owner may. */
export type KeyLimits = { readOnly: boolean; permissions: readonly Permission[] | null };

/** The claims of an access token for a session; `operatorId` acts as the account. */
export function sessionClaims(account: Account, session: { id: string; operatorId: string | null }): AccessClaims {
  const { role, permissions } = account;
  return {
    ...commonClaims(account, session.id),
    ...roleClaims(role, permissions),
    ...(session.operatorId !== null && { act: { sub: session.operatorId } }),
  };
}

/**
 * The claims of an access token for an API key. A key with a list of permissions is `staff` in them whatever its owner is, with those of
 * the list that its owner holds: an admin's key is no admin, and that of somebody who was demoted is nothing.
 */
export function keyClaims(account: Account, keyId: string, { readOnly, permissions }: KeyLimits): AccessClaims {
  const held = permissions?.filter((permission) => account.permissions.includes(permission));
  return {
    ...commonClaims(account, keyId),
    ...(held ? roleClaims('staff', held) : roleClaims(account.role, account.permissions)),
    ...(readOnly && { read_only: true }),
  };
}

function commonClaims({ id, name, email, emailVerified }: Account, sid: string) {
  return { sub: id, sid, name, email, email_verified: emailVerified };
}

function roleClaims(role: Role, permissions: readonly Permission[]): Pick<AccessClaims, 'role' | 'permissions'> {
  return role === 'staff' ? { role, permissions: [...permissions] } : { role };
}
