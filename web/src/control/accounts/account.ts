import { queryOptions } from '@tanstack/react-query';
import { api, type ResponseOf, unwrap } from '../../api/client.ts';

export const accountQuery = (id: string) =>
  queryOptions({
    queryKey: ['control', 'accounts', id],
    queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/admin/accounts/{id}', { params: { path: { id } }, signal })),
    staleTime: 0,
    meta: { part: 'accounts' },
  });

export type Account = ResponseOf<'listAccounts'>['items'][number];
export type Role = Account['role'];
export const roles: readonly Role[] = ['customer', 'seller', 'staff', 'admin'];
/** The roles without staff, which is chosen by a staff role. */
export const plainRoles = ['customer', 'seller', 'admin'] as const;

/** What an operator can change about another's account. */
export type Change =
  | { kind: 'role'; role: Role; staffRole?: string }
  | { kind: 'ban'; reason: string }
  | { kind: 'unban' };

export function changeAccount(id: string, change: Change): Promise<Account> {
  const params = { path: { id } };
  if (change.kind === 'role') {
    const { role, staffRole } = change;
    return unwrap(
      api.PUT('/api/v1/auth/admin/accounts/{id}/role', { params, body: { role, ...(staffRole && { staffRole }) } }),
    );
  }
  if (change.kind === 'ban') {
    return unwrap(api.PUT('/api/v1/auth/admin/accounts/{id}/ban', { params, body: { reason: change.reason } }));
  }
  return unwrap(api.DELETE('/api/v1/auth/admin/accounts/{id}/ban', { params }));
}
