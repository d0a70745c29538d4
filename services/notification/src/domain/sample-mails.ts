import type { AboutOrder, MailContent } from './mail.ts';

const euros = (amount: number) => ({ amount, currency: 'EUR' });
const seller = '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d13';
const at = '2026-11-23T10:15:00.000Z';

const about: AboutOrder = {
  orderId: '01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11',
  order: {
    number: 'T-100234',
    placedAt: at,
    lines: [
      { sku: 'MUG-BLUE', title: 'Blue mug', sellerId: seller, quantity: 2, unitPrice: euros(1999), total: euros(3998) },
      {
        sku: 'TEA',
        title: 'Green tea, 100 g',
        sellerId: seller,
        quantity: 1,
        unitPrice: euros(650),
        total: euros(650),
      },
    ],
    ...{ subtotal: euros(4648), discount: euros(465), shipping: euros(490), taxExemption: euros(0), tax: euros(746) },
    ...{ taxIncluded: true, total: euros(4673) },
  },
};
const link = { encryptedToken: 'sample', expiresAt: '2026-11-23T11:15:00.000Z', at };

/** One mail of each kind, for previews and tests. */
export const sampleMails: readonly MailContent[] = [
  { kind: 'order_confirmed', ...about },
  {
    ...{ kind: 'payment_needed', ...about, reason: 'transfer', payBy: '2026-12-03T10:15:00.000Z' },
    instructions: 'Example Bank\nIBAN DE02 1203 0000 0000 2020 51\nReference: T-100234',
  },
  { kind: 'payment_needed', ...about, reason: 'declined', payBy: '2026-11-23T10:25:00.000Z' },
  { kind: 'payment_needed', ...about, reason: 'action', payBy: '2026-11-23T10:25:00.000Z' },
  {
    ...{ kind: 'order_sent', ...about, complete: false, parcel: [{ sku: 'MUG-BLUE', quantity: 2 }] },
    ...{ carrier: 'DHL', trackingNumber: '00340434161094021501' },
  },
  { kind: 'order_delivered', ...about },
  { kind: 'order_cancelled', ...about },
  { kind: 'order_rejected', ...about },
  { kind: 'order_refunded', ...about, amount: euros(1999), complete: false },
  { kind: 'return_received', ...about, returned: [{ sku: 'MUG-BLUE', quantity: 1 }], isRefunded: true },
  { kind: 'new_order', orderId: about.orderId, number: 'T-100234', placedAt: at, lines: about.order.lines },
  { kind: 'low_stock', sku: 'MUG-BLUE', productId: seller, title: 'Blue mug', variantTitle: '', available: 3 },
  { kind: 'verify_email', path: '/verify-email', ...link },
  { kind: 'reset_password', path: '/reset-password', ...link },
  { kind: 'confirm_new_email', path: '/confirm-email', ...link },
  { kind: 'email_changed', newEmail: 'ada@new.example', at },
  { kind: 'password_changed', at },
  { kind: 'new_sign_in', userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:147.0) Gecko/20100101 Firefox/147.0', at },
  { kind: 'second_factor_on', at },
  { kind: 'second_factor_off', at },
  { kind: 'second_factor_removed', at },
  { kind: 'recovery_code_used', at },
  { kind: 'passkey_added', at },
  { kind: 'provider_connected', provider: 'Google', at },
  { kind: 'provider_disconnected', provider: 'Google', at },
  { kind: 'account_erased', at },
  { kind: 'invitation', path: '/invitations/accept', ...link },
];
