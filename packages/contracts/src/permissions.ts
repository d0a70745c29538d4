import { type Static, Type } from 'typebox';

/**
 * What an operator may be allowed to do, by area and action. The list is closed: a route names one of these, and a staff role holds some
 * of them. `admin` holds all.
 */
export const permissions = [
  /** Products of every seller, archived ones too, their stock, and the categories of the navigation. */
  'catalogue:read',
  'catalogue:write',
  /** Orders of every customer and what was sent of them; carts too. To write: send, say that it arrived or came back, pay for a customer. */
  'orders:read',
  'orders:write',
  /** Give money back: refund lines, cancel an order. */
  'refunds:write',
  /** Ledger, reconciliation and figures of sales. To write: take money that was authorised, settle a difference. */
  'payments:read',
  'payments:write',
  'promotions:read',
  'promotions:write',
  /** The shop's details, taxes, shipping and how prices are calculated. */
  'settings:read',
  'settings:write',
  /** Accounts. To write: suspend one, end its sessions. */
  'accounts:read',
  'accounts:write',
  /** Use the shop in the name of a customer. */
  'accounts:act-as',
  /** Roles of accounts, staff roles and invitations. */
  'staff:read',
  'staff:write',
  'audit:read',
  'mails:read',
  'mails:write',
  /** Traffic, messages between services and dead letters. */
  'operations:read',
  'operations:write',
] as const;

/** One permission, `area:action`. */
export const Permission = Type.Union(permissions.map((permission) => Type.Literal(permission)));
export type Permission = (typeof permissions)[number];

/** Whether a text is one of the permissions that this version knows. */
export const isPermission = (value: unknown): value is Permission =>
  typeof value === 'string' && permissions.some((permission) => permission === value);

/** A staff role: a name for a set of permissions. */
export type StaffRole = { name: string; permissions: readonly Permission[] };

/** The staff roles that every shop has. Their ids are these keys; a shop's own have UUIDs. */
export const readyMadeRoles = {
  packer: { name: 'Packer', permissions: ['orders:read', 'orders:write'] },
  support: {
    name: 'Support',
    permissions: [
      ...(['orders:read', 'orders:write', 'refunds:write', 'promotions:read'] as const),
      ...(['accounts:read', 'accounts:act-as', 'mails:read', 'mails:write'] as const),
    ],
  },
  bookkeeper: {
    name: 'Bookkeeper',
    permissions: ['orders:read', 'payments:read', 'payments:write', 'promotions:read', 'settings:read'],
  },
  'catalogue-manager': {
    name: 'Catalogue manager',
    permissions: ['catalogue:read', 'catalogue:write', 'promotions:read', 'promotions:write'],
  },
} as const satisfies Record<string, StaffRole>;
export type ReadyMadeRole = keyof typeof readyMadeRoles;

/** Whether a text is the id of a staff role that every shop has. */
export const isReadyMadeRole = (value: string): value is ReadyMadeRole => Object.hasOwn(readyMadeRoles, value);

/** The id of a staff role: a key of `readyMadeRoles`, or the UUID of a shop's own. */
export const StaffRoleId = Type.String({
  pattern: `^(${Object.keys(readyMadeRoles).join('|')}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`,
  description: 'A ready-made role, or the id of one of the shop’s own',
});
export type StaffRoleId = Static<typeof StaffRoleId>;

/** Whether somebody holds a permission: an admin holds all, a member of staff those of their staff role, nobody else any. */
export function hasPermission(
  who: { role: string; permissions?: readonly string[] | undefined },
  permission: Permission,
): boolean {
  if (who.role === 'admin') return true;
  return who.role === 'staff' && (who.permissions?.includes(permission) ?? false);
}

/** The member of an operation in OpenAPI that names the permission without which nobody may do it. */
export const PERMISSION_EXTENSION = 'x-permission';
/** Likewise where customers and sellers may do it to what is theirs, and operators with the permission to everything. */
export const OPERATOR_PERMISSION_EXTENSION = 'x-operator-permission';
