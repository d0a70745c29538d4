import { queryOptions } from '@tanstack/react-query';
import { api, type BodyOf, type ResponseOf, unwrap } from './client.ts';
import { beginSession, leaveAccount, refreshSession } from './session.ts';

export type StaffRole = ResponseOf<'listStaffRoles'>['items'][number];
export type Invitation = ResponseOf<'listInvitations'>['items'][number];
export type ShownInvitation = ResponseOf<'lookUpInvitation'>;
export type InvitedRole = 'seller' | 'staff' | 'admin';

const meta = { part: 'accounts' } as const;
export const staffKey = ['control', 'staff'];

export const staffRolesQuery = queryOptions({
  queryKey: [...staffKey, 'roles'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/auth/admin/staff-roles', { signal })),
  staleTime: 0,
  meta,
});

export const invitationsQuery = queryOptions({
  queryKey: [...staffKey, 'invitations'],
  queryFn: async ({ signal }) =>
    (await unwrap(api.GET('/api/v1/auth/admin/invitations', { params: { query: { limit: 100 } }, signal }))).items,
  staleTime: 0,
  meta,
});

export const saveStaffRole = (id: string, body: { name: string; permissions: string[] }): Promise<StaffRole> =>
  // as: the form offers the permissions that the API has listed.
  unwrap(
    api.PUT('/api/v1/auth/admin/staff-roles/{id}', { params: { path: { id } }, body: body as BodyOf<'saveStaffRole'> }),
  );

export async function deleteStaffRole(id: string): Promise<void> {
  await unwrap(api.DELETE('/api/v1/auth/admin/staff-roles/{id}', { params: { path: { id } } }));
}

export const invite = (body: { email: string; role: InvitedRole; staffRole?: string }): Promise<Invitation> =>
  unwrap(api.POST('/api/v1/auth/admin/invitations', { body }));

export const resendInvitation = (id: string): Promise<Invitation> =>
  unwrap(api.POST('/api/v1/auth/admin/invitations/{id}/resend', { params: { path: { id } } }));

export async function withdrawInvitation(id: string): Promise<void> {
  await unwrap(api.DELETE('/api/v1/auth/admin/invitations/{id}', { params: { path: { id } } }));
}

export const lookUpInvitation = (token: string): Promise<ShownInvitation> =>
  unwrap(api.POST('/api/v1/auth/invitations/look-up', { body: { token } }));

/** Accepts an invitation. A new account is signed in by it; that of the address has the role from now on. */
export async function acceptInvitation(body: { token: string; name?: string; password?: string }): Promise<void> {
  const { user } = await unwrap(api.POST('/api/v1/auth/invitations/accept', { body }));
  await beginSession(user);
}

/** Uses the shop as a customer from now on. Everything that was loaded is the operator's: the page is loaded anew. */
export async function actAs(id: string): Promise<void> {
  const { user } = await unwrap(api.POST('/api/v1/auth/admin/accounts/{id}/act-as', { params: { path: { id } } }));
  await beginSession(user);
  location.assign('/');
}

/** Stops acting as a customer; the operator's own session goes on. */
export async function stopActing(customerId: string): Promise<void> {
  const { restored } = await unwrap(api.POST('/api/v1/auth/stop-acting', {}));
  if (restored) await refreshSession();
  else leaveAccount();
  location.assign(restored ? `/control/accounts/${customerId}` : '/sign-in');
}
