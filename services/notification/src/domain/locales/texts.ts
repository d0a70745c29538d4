/** The words of one mail. `preview` is what mailbox software shows beside the subject. */
export type MailTexts = {
  subject: string;
  preview: string;
  heading: string;
  paragraphs: readonly string[];
  action?: string;
  notes?: readonly string[];
};

type OrderNames = { number: string; shop: string };
type AccountNames = { shop: string; email: string };

/** All words of mails in one language; one file for each has this type, so a missing text does not compile. */
export type Texts = {
  hello(name: string): string;
  labels: {
    subtotal: string;
    discount: string;
    shipping: string;
    taxExemption: string;
    tax: string;
    taxIncluded: string;
    total: string;
    carrier: string;
    trackingNumber: string;
    payBy: string;
    amount: string;
    time: string;
    device: string;
    provider: string;
    newEmail: string;
    sku: string;
    available: string;
  };
  /** Below a button, for software that shows none. */
  linkBelow: string;
  /** In place of a link whose token is not shown. */
  linkHidden: string;
  trackingLink: string;
  /** The link that ends mails of the kind of this one. */
  unsubscribe: string;
  validUntil(time: string): string;
  order_confirmed(o: OrderNames): MailTexts;
  payment_needed: Record<'transfer' | 'declined' | 'action', (o: OrderNames & { payBy: string }) => MailTexts>;
  order_sent(o: OrderNames & { complete: boolean }): MailTexts;
  order_delivered(o: OrderNames): MailTexts;
  order_cancelled(o: OrderNames): MailTexts;
  order_rejected(o: OrderNames): MailTexts;
  order_refunded(o: OrderNames & { amount: string }): MailTexts;
  return_received(o: OrderNames & { isRefunded: boolean }): MailTexts;
  new_order(o: OrderNames & { units: number }): MailTexts;
  low_stock(o: { shop: string; title: string; available: number }): MailTexts;
  verify_email(o: AccountNames): MailTexts;
  reset_password(o: AccountNames): MailTexts;
  confirm_new_email(o: AccountNames): MailTexts;
  email_changed(o: AccountNames): MailTexts;
  password_changed(o: AccountNames): MailTexts;
  new_sign_in(o: AccountNames): MailTexts;
  second_factor_on(o: AccountNames): MailTexts;
  second_factor_off(o: AccountNames): MailTexts;
  second_factor_removed(o: AccountNames): MailTexts;
  recovery_code_used(o: AccountNames): MailTexts;
  passkey_added(o: AccountNames): MailTexts;
  provider_connected(o: AccountNames): MailTexts;
  provider_disconnected(o: AccountNames): MailTexts;
  account_erased(o: AccountNames): MailTexts;
  invitation(o: AccountNames): MailTexts;
};
