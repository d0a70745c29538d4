import type { Permission } from '@tradepost/contracts/permissions';
import { permissions as all } from '@tradepost/contracts/permissions';
import type { Role } from '@tradepost/contracts/roles';
import { expect, test } from 'vitest';
import { keyClaims, sessionClaims } from './claims.ts';

const account = (role: Role, permissions: readonly Permission[] = []) => ({
  ...{ id: 'account', name: 'Ada', email: 'ada@example.com', emailVerified: true, role },
  permissions,
});
const rightsOf = ({ role, permissions, read_only, act }: ReturnType<typeof sessionClaims>) => ({
  ...{ role, permissions, read_only, act },
});
const session = { id: 'session', operatorId: null };
const whole = { readOnly: false, permissions: null };

test('a session says the role, of staff the permissions, and who acts', () => {
  expect(rightsOf(sessionClaims(account('admin', all), session))).toEqual({ role: 'admin' });
  expect(rightsOf(sessionClaims(account('staff', ['orders:read']), session))).toEqual({
    ...{ role: 'staff', permissions: ['orders:read'] },
  });
  expect(rightsOf(sessionClaims(account('customer'), { ...session, operatorId: 'operator' }))).toEqual({
    ...{ role: 'customer', act: { sub: 'operator' } },
  });
});

test('a key has what its owner has, or less, and never more', () => {
  const some = { readOnly: false, permissions: ['orders:read', 'audit:read'] as const };
  const key = (role: Role, held: readonly Permission[], limits: Parameters<typeof keyClaims>[2]) =>
    rightsOf(keyClaims(account(role, held), 'key', limits));
  expect(key('seller', [], whole)).toEqual({ role: 'seller' });
  expect(key('seller', [], { ...whole, readOnly: true })).toEqual({ role: 'seller', read_only: true });
  expect(key('admin', all, some)).toEqual({ role: 'staff', permissions: ['orders:read', 'audit:read'] });
  expect(key('staff', ['orders:read', 'orders:write'], some)).toEqual({ role: 'staff', permissions: ['orders:read'] });
  expect(key('staff', ['orders:read'], whole)).toEqual({ role: 'staff', permissions: ['orders:read'] });
  // Its owner was staff and sells now: the key was never one of a seller.
  expect(key('seller', [], some)).toEqual({ role: 'staff', permissions: [] });
});
