import type { EventData, OrderSummary } from '@tradepost/contracts/events';
import type { Locale } from '@tradepost/contracts/locales';
import type { Money } from '@tradepost/contracts/money';

/** The mails about an account: their names are those of `account.mail-requested`, and the one that `account.erased` is the cause of. */
export type AccountMailKind = EventData<'account.mail-requested.v1'>['mail'] | 'account_erased';

/** What a mail says, by its kind. Tokens are encrypted. */
export type MailContent =
  | ({ kind: 'order_confirmed' | 'order_delivered' | 'order_cancelled' | 'order_rejected' } & AboutOrder)
  | ({
      kind: 'payment_needed';
      reason: EventData<'order.payment-needed.v1'>['reason'];
      instructions?: string;
      payBy: string;
    } & AboutOrder)
  | ({
      kind: 'order_sent';
      complete: boolean;
      parcel: { sku: string; quantity: number }[];
      carrier?: string;
      trackingNumber?: string;
    } & AboutOrder)
  | ({ kind: 'order_refunded'; amount: Money; complete: boolean } & AboutOrder)
  /** `isRefunded`: what was paid for it is given back; another mail says how much. */
  | ({ kind: 'return_received'; returned: { sku: string; quantity: number }[]; isRefunded: boolean } & AboutOrder)
  | { kind: 'new_order'; orderId: string; number: string; placedAt: string; lines: OrderSummary['lines'] }
  | ({ kind: 'low_stock' } & Pick<
      EventData<'stock.low.v1'>,
      'sku' | 'productId' | 'title' | 'variantTitle' | 'available'
    >)
  | {
      kind: AccountMailKind;
      path?: string;
      encryptedToken?: string;
      expiresAt?: string;
      userAgent?: string;
      newEmail?: string;
      provider?: string;
      at: string;
    };

/** What every mail to a customer has. */
export type AboutOrder = {
  orderId: string;
  order: Omit<OrderSummary, 'guest'>;
  /** A JSON of `GuestContact`, encrypted: the link of a guest's order has a token. */
  encryptedGuest?: string;
};

export type MailKind = MailContent['kind'];

/**
 * Where a mail stands. `due` → `sending` → `sent`, or back to `due` for another attempt. `waiting_for_address` → `due` once the address
 * of the account is known. `kept`: there is no mail server. `withdrawn`, `expired`: there was no reason to send it any more.
 * `suppressed`: nothing is sent to this address. `bounced`: the mail server refused the address. `failed`: there are no attempts left.
 */
export const mailStatuses = [
  ...(['waiting_for_address', 'due', 'sending', 'sent', 'kept'] as const),
  ...(['withdrawn', 'expired', 'suppressed', 'bounced', 'failed'] as const),
] as const;
export type MailStatus = (typeof mailStatuses)[number];

/** A mail that is to be written; `accountId` alone means that the address is that of the account. */
export type NewMail = {
  cause: string;
  content: MailContent;
  orderId: string | undefined;
  accountId: string | undefined;
  /** Missing: the address of the account, when it is known. */
  to: { email: string; name: string } | undefined;
  /** The language that the event says its reader has. */
  locale: Locale | undefined;
  dueAt: Date;
  expiresAt: Date | undefined;
};

/** A stored mail. */
export type Mail = {
  id: string;
  cause: string;
  locale: Locale;
  content: MailContent;
  status: MailStatus;
  orderId: string | null;
  accountId: string | null;
  recipient: string | null;
  recipientName: string;
  dueAt: Date;
  expiresAt: Date | null;
  attempts: number;
  lastProblem: string | null;
  resentFrom: string | null;
  createdAt: Date;
  finishedAt: Date | null;
};
