import type { Locale } from '@tradepost/contracts/locales';
import type { Money } from '@tradepost/contracts/money';
import type { OrderStatus } from '@tradepost/contracts/order-status';
import type { PaymentAction } from './payment.ts';
import type { Adjustment } from './pricing/adjustment.ts';
import type { CheckedVatId } from './vat-id.ts';

/** One line as it was accepted: the price is the one of that moment. */
export type OrderLine = {
  sku: string;
  productId: string;
  sellerId: string;
  title: string;
  quantity: number;
  unitPrice: Money;
  priceVersion: number;
  /** Taken off the prices of all units together, in minor units. */
  discount: number;
  /** Tax of all units together, in minor units: in the prices or beside them (`taxIncluded`). */
  tax: number;
  /** Tax in the prices of all units together that is not charged (reverse charge), in minor units. */
  taxExemption: number;
  /** Units sent. */
  fulfilled: number;
  /** Units refunded. */
  refunded: number;
  /** Units refunded before they were sent: they never will be, and are on sale again. */
  withdrawn: number;
  /** Of the units sent: those that came back. */
  returned: number;
};

export type Address = {
  name: string;
  line1: string;
  line2?: string;
  city: string;
  region?: string;
  /** Absent where addresses have none. */
  postalCode?: string;
  country: string;
  phone?: string;
};

/** How an order is sent, and what is paid for it, in minor units, with tax. */
export type OrderShipping = { methodId: string; name: string; deliveryTime: string; amount: number };

/** What a customer tells beside what is sent where. What was not told is absent. */
export type OrderDetails = {
  /** Absent where it is the shipping address. */
  billingAddress?: Address;
  company?: string;
  vatId?: CheckedVatId;
  /** For whoever sends the order, and for the carrier. */
  note?: string;
  /** Words that go into the parcel. */
  giftNote?: string;
  /** What was confirmed because the shop asks for it, with the time (RFC 3339). */
  acceptedTerms?: { url: string; at: string };
  confirmedAge?: { minimumAge: number; at: string };
  /** The language that the buyer's browser asked for: that of the mails. */
  locale?: Locale;
};

export type Order = {
  id: string;
  /** Unique; people use it (`formatOrderNumber`). */
  number: number;
  /** The account, or an id that stands for a guest (`guestCustomerId`). */
  customerId: string;
  /** The e-mail address of the guest who placed it; null for an order that was placed with an account. */
  guestEmail: string | null;
  /** The cart that it was made of, if any. */
  cartId: string | null;
  status: OrderStatus;
  /** Rises by one with each change, and is the number of the change in the timeline. */
  version: number;
  total: Money;
  /** Whether its prices include tax. */
  taxIncluded: boolean;
  /** Null where nothing is charged for sending. */
  shipping: OrderShipping | null;
  /** Every step from the prices of the lines to the total. */
  adjustments: readonly Adjustment[];
  /** Minor units, in the currency of `total`. */
  captured: number;
  /** Minor units booked to go back, whether the provider has answered yet or not. */
  refunded: number;
  cancelRequested: boolean;
  reason: string | null;
  paymentProvider: string;
  /** Cleared once it has been used. Nobody is answered it. */
  paymentToken: string | null;
  /** Times that the provider was asked about this try to pay, the one under way included. */
  paymentAttempts: number;
  /** The number of the try to pay, from 1: another means of payment is another try. */
  paymentTry: number;
  /** The provider's own name of the payment; null before it has told one. */
  paymentReference: string | null;
  /** What the customer has to do to pay; null where nothing. */
  paymentAction: PaymentAction | null;
  /** Why the try failed, as a code; null where it did not. */
  paymentProblem: string | null;
  /** Whether money that was authorised is to be taken now. */
  captureRequested: boolean;
  /** Whether the goods may be sent before the money is taken, as on invoice. */
  sendsFirst: boolean;
  shippingAddress: Address;
  details: OrderDetails;
  /** Since when it waits for its payment; null while its stock is not reserved. */
  reservedAt: Date | null;
  /** Until when it may be paid; null while its stock is not reserved. */
  payBy: Date | null;
  createdAt: Date;
  updatedAt: Date;
  /** Of the request that placed it (W3C); null where that was in no trace. */
  traceparent: string | null;
  lines: OrderLine[];
};

const unsettled: readonly OrderStatus[] = ['pending', 'reserved', 'awaiting_payment', 'authorized'];

/** A settled order is one whose goods and money are decided. */
export const isSettled = (status: OrderStatus): boolean => !unsettled.includes(status);

/** Whether the next step of an order is ours: stock and payment are asked for, and answer within seconds. */
export const isInProgress = (status: OrderStatus): boolean => status === 'pending' || status === 'reserved';
