import type { BodyOf } from './client.ts';
import { type Account, useAccount } from './session.ts';

export type Permission = NonNullable<BodyOf<'createApiKey'>['permissions']>[number];

/**
 * Whether somebody may do something as an operator. What is shown follows it; what is done, the API decides. While an operator acts as a
 * customer, the account here is the customer's.
 */
export const may = (account: Account | null, permission: Permission): boolean =>
  account?.role === 'admin' || (account?.role === 'staff' && account.permissions.includes(permission));

/** Asks for the permissions of who is signed in. */
export function useMay(): (permission: Permission) => boolean {
  const account = useAccount();
  return (permission) => may(account, permission);
}

/** Who has pages in the control room. */
export const isOperator = (account: Account | null): boolean =>
  account?.role === 'admin' || (account?.role === 'staff' && account.permissions.length > 0);

/** Whether somebody sells, or may do something to what all sellers sell. The API looks at whose each thing is besides. */
export function useSellerMay(): (permission: Permission) => boolean {
  const account = useAccount();
  return (permission) => account?.role === 'seller' || may(account, permission);
}

/** Who has pages at the desk: sellers, and operators who read orders or the catalogue of all sellers. */
export const hasDesk = (account: Account | null): boolean =>
  account?.role === 'seller' || may(account, 'orders:read') || may(account, 'catalogue:read');
