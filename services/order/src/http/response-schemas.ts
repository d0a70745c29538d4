import { Currency, MAX_AMOUNT, Money } from '@tradepost/contracts/money';
import { OrderStatus } from '@tradepost/contracts/order-status';
import { Id, Quantity, Sku, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { CheckedVatId, orderDetails } from './details-schemas.ts';
import { Line } from './request-schemas.ts';

/** An address in an answer: as it was stored, whatever the rules were at that time. */
export const Address = Type.Object({
  name: Type.String(),
  line1: Type.String(),
  line2: Type.Optional(Type.String()),
  city: Type.String(),
  region: Type.Optional(Type.String()),
  postalCode: Type.Optional(Type.String()),
  country: Type.String({ description: 'ISO 3166-1 alpha-2 code', examples: ['DE'] }),
  phone: Type.Optional(Type.String()),
});

const lineAmounts = {
  discount: Type.Object(Money.properties, { description: 'Taken off by promotions, of all units together' }),
  taxExemption: Type.Object(Money.properties, { description: 'Tax in the prices of all units that is not charged' }),
  tax: Type.Object(Money.properties, { description: 'Of all units together; see `taxIncluded`' }),
  total: Type.Object(Money.properties, {
    description: 'Prices of all units − `discount` − `taxExemption`, and + `tax` where prices do not include it',
  }),
};

/** One step from the prices of the lines to the total. */
const Adjustment = Type.Object({
  type: Type.Union(
    [Type.Literal('promotion'), Type.Literal('shipping'), Type.Literal('tax'), Type.Literal('tax_exemption')],
    { description: '`tax_exemption`: tax in the prices that is not charged' },
  ),
  sku: Type.Optional(Type.String({ description: 'The line that it is about; absent where it is about shipping' })),
  sourceId: Type.String({
    description:
      'The id of the promotion, the shipping method or the tax rate; `reverse-charge`, or `tax-service` for taxes of another service',
  }),
  reason: Type.String({ examples: ['VAT 19 %'] }),
  basis: Type.Object(Money.properties, { description: 'What it was calculated from' }),
  ratePercent: Type.Optional(Type.Number({ examples: [19] })),
  amount: Type.Object({
    amount: Type.Integer({
      minimum: -MAX_AMOUNT,
      maximum: MAX_AMOUNT,
      description: 'Below 0 for a promotion and an exemption',
    }),
    currency: Currency,
  }),
  included: Type.Boolean({ description: 'Whether prices include it, so that it is no part of the sum' }),
});

/** The sums of an order or a quote. */
const totals = {
  subtotal: Type.Object(Money.properties, { description: 'Prices of all lines' }),
  discount: Money,
  shipping: Type.Object(Money.properties, { description: 'Before discounts' }),
  taxExemption: Type.Object(Money.properties, { description: 'Tax in prices that is not charged (reverse charge)' }),
  tax: Money,
  taxIncluded: Type.Boolean({ description: 'Whether prices include tax' }),
  adjustments: Type.Array(Adjustment),
  total: Type.Object(Money.properties, {
    description: '`subtotal` − `discount` + `shipping` − `taxExemption`, and + `tax` where prices do not include it',
  }),
};

export const Quote = Type.Object({
  lines: Type.Array(
    Type.Object({ sku: Sku, title: Type.String(), quantity: Quantity, unitPrice: Money, ...lineAmounts }),
  ),
  shippingMethods: Type.Array(Type.Object({ id: Id, name: Type.String(), deliveryTime: Type.String(), price: Money }), {
    description: 'The methods to choose from; empty while the destination is not known, and where nothing is charged',
  }),
  shippingMethod: Type.Optional(Type.String({ format: 'uuid', description: 'The method that the total is for' })),
  vatId: Type.Optional(CheckedVatId),
  ...totals,
});

export const OrderLine = Type.Object({
  sku: Sku,
  productId: Id,
  sellerId: Id,
  title: Type.String(),
  quantity: Quantity,
  unitPrice: Money,
  ...lineAmounts,
  fulfilled: Type.Integer({ description: 'Units sent' }),
  refunded: Type.Integer({ description: 'Units refunded' }),
  withdrawn: Type.Integer({
    description: 'Units refunded before they were sent. Units still to send: `quantity` − `fulfilled` − `withdrawn`',
  }),
  returned: Type.Integer({ description: 'Of the units sent: those that came back' }),
});

/** For the descriptions of the routes that answer orders. */
export const SELLERS_PART =
  'A seller who is not the customer is shown their own lines: `total` (without shipping), `adjustments`, `refunded`, `payment.status` and a rejection’s `reason` are about ' +
  'these. `status`, `shippingAddress`, `cancelRequested` and why the order was cancelled are of the whole order. The customer’s account, ' +
  'billing address and VAT id, and the payment provider are left out.';

const PaymentAction = Type.Union(
  [
    Type.Object({
      type: Type.Literal('redirect'),
      redirectUrl: Type.String({
        description: 'Where the shopper confirms the payment; a path is one of the web shop',
      }),
    }),
    Type.Object({
      type: Type.Literal('client_secret'),
      clientSecret: Type.String({ description: 'For the provider’s form in the page of the shop' }),
      publishableKey: Type.String(),
    }),
    Type.Object({
      type: Type.Literal('bank_transfer'),
      reference: Type.String({ description: 'What the transfer is to name' }),
      instructions: Type.String({ description: 'Where to transfer to' }),
    }),
  ],
  { description: 'What the customer has to do to pay, while `status` is `requires_action`' },
);

const OrderPayment = Type.Object({
  provider: Type.Optional(Type.String({ description: 'Not for a seller' })),
  status: StringEnum(
    ['waiting', 'requires_action', 'declined', 'authorized', 'due', 'captured', 'not_taken', 'refunded'],
    {
      description:
        '`declined`: the order can be paid by another means until it is cancelled. `authorized`: the money is taken when the order is ' +
        'sent. `due`: the order is sent first and paid afterwards',
    },
  ),
  reference: Type.Optional(
    Type.String({
      description: 'The provider’s own name of the payment; for `manual`, how it is paid. Not for a seller',
    }),
  ),
  action: Type.Optional(PaymentAction),
  payBy: Type.Optional(
    Type.String({
      format: 'date-time',
      description: 'Until when the stock is held for the payment, of an order that is `awaiting_payment`',
    }),
  ),
  problem: Type.Optional(
    Type.String({ description: 'Why it was declined, as a code', examples: ['payment_declined'] }),
  ),
});

export const Order = Type.Object({
  id: Id,
  number: Type.String({ description: 'Unique, short, for people', examples: ['T-10023456'] }),
  status: OrderStatus,
  customerId: Type.Optional(Type.String({ format: 'uuid', description: 'Not for a seller' })),
  email: Type.Optional(Type.String({ description: 'The address of the guest who placed it; not for a seller' })),
  lines: Type.Array(OrderLine),
  ...totals,
  shippingMethod: Type.Optional(
    Type.Object({ id: Id, name: Type.String(), deliveryTime: Type.String() }, { description: 'Not for a seller' }),
  ),
  refunded: Money,
  shippingAddress: Address,
  billingAddress: Type.Optional(
    Type.Object(Address.properties, {
      description: 'Absent where it is the shipping address. Not for a seller',
    }),
  ),
  ...orderDetails,
  payment: OrderPayment,
  cancelRequested: Type.Boolean({ description: 'It is cancelled as soon as the payment provider has answered' }),
  reason: Type.Optional(Type.String({ description: 'Why it was rejected or cancelled' })),
  version: Type.Integer(),
  createdAt: Time,
  updatedAt: Time,
});

/** The answer to whoever places an order. */
export const PlacedOrder = Type.Object({
  ...Order.properties,
  token: Type.Optional(
    Type.String({
      description:
        'For a guest: opens this order without an account, as `?token=` of `GET /orders/{id}`, its events and its cancellation. Keep it secret.',
    }),
  ),
});

export const Cart = Type.Object({
  id: Id,
  lines: Type.Array(
    Type.Object({
      sku: Sku,
      quantity: Quantity,
      productId: Type.Optional(Id),
      title: Type.Optional(Type.String()),
      unitPrice: Type.Optional(Money),
      total: Type.Optional(Money),
      forSale: Type.Boolean({ description: 'False when the product went off sale after it was added' }),
      offSaleReason: Type.Optional(
        Type.Literal('seller_suspended', {
          description: 'The seller is suspended; the product may be for sale again later',
        }),
      ),
    }),
  ),
  total: Type.Union([Money, Type.Null()], { description: 'Null while the cart has nothing that can be ordered' }),
  orderId: Type.Optional(Type.String({ format: 'uuid', description: 'The order of the cart' })),
  mergedInto: Type.Optional(Type.String({ format: 'uuid', description: 'The cart that has its lines now' })),
  updatedAt: Time,
});

export const Fulfilment = Type.Object({
  id: Id,
  orderId: Id,
  lines: Type.Array(Line),
  carrier: Type.Optional(Type.String()),
  trackingNumber: Type.Optional(Type.String()),
  createdAt: Time,
});

export const Refund = Type.Object({
  id: Id,
  orderId: Id,
  amount: Money,
  status: Type.Union([Type.Literal('pending'), Type.Literal('done')]),
  reason: Type.Optional(Type.String({ description: 'For a seller, only where the refund names lines of theirs' })),
  lines: Type.Array(Line),
  createdAt: Time,
});

export const Return = Type.Object({
  id: Id,
  orderId: Id,
  lines: Type.Array(Line),
  restock: Type.Boolean({ description: 'Whether the units are on sale again' }),
  reason: Type.String({ description: 'Empty once the personal data of the order was removed' }),
  refundId: Type.Optional(
    Type.String({ format: 'uuid', description: 'The refund that was booked with it; see `GET /orders/{id}/refunds`' }),
  ),
  createdAt: Time,
});

export const TimelineEntry = Type.Object({
  version: Type.Integer(),
  type: Type.String({ examples: ['placed', 'stock_reserved', 'payment_captured'] }),
  status: OrderStatus,
  at: Time,
  data: Type.Record(Type.String(), Type.Unknown()),
});
