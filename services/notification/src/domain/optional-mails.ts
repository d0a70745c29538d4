import type { MailKind } from './mail.ts';

/**
 * The mails that their reader may do without: they tell of work, and the desk shows the same. All others are part of a contract (an order,
 * a payment) or keep an account safe (a new sign-in, a new password); nobody can unsubscribe from those.
 */
export const optionalKinds = ['new_order', 'low_stock'] as const satisfies readonly MailKind[];
export type OptionalKind = (typeof optionalKinds)[number];

export const isOptional = (kind: string): kind is OptionalKind => optionalKinds.some((one) => one === kind);

/** Whose mails of which kind a link ends. */
export type Subscription = { accountId: string; kind: OptionalKind };
