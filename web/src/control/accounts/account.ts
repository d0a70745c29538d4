import { api, type ResponseOf, unwrap } from '../../api/client.ts';

export type Account = ResponseOf<'listAccounts'>['items'][number];
export type Role = Account['role'];
export const roles: readonly Role[] = ['customer', 'seller', 'admin'];

/** What an admin can change about another's account. */
export type Change = { kind: 'role'; role: Role } | { kind: 'ban'; reason: string } | { kind: 'unban' };

export function changeAccount(id: string, change: Change): Promise<Account> {
  const params = { path: { id } };
  if (change.kind === 'role') {
    return unwrap(api.PUT('/api/v1/auth/admin/accounts/{id}/role', { params, body: { role: change.role } }));
  }
  if (change.kind === 'ban') {
    return unwrap(api.PUT('/api/v1/auth/admin/accounts/{id}/ban', { params, body: { reason: change.reason } }));
  }
  return unwrap(api.DELETE('/api/v1/auth/admin/accounts/{id}/ban', { params }));
}
