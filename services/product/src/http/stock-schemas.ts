import { Id, Sku, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';

const Units = Type.Integer({ minimum: 0 });
const NextCursor = Type.Union([Type.String(), Type.Null()]);

export const StockChange = Type.Object({
  id: Id,
  kind: StringEnum(['adjustment', 'sale', 'return'], {
    description: '`return`: units of an order that go back on sale',
  }),
  delta: Type.Integer({ description: 'Change of the units on hand' }),
  onHand: Type.Integer({ minimum: 0, description: 'What it came to' }),
  at: Time,
  reason: Type.Optional(Type.String({ description: 'Of an adjustment: why' })),
  adjustedBy: Type.Optional(Type.String({ format: 'uuid', description: 'Of an adjustment: whose account' })),
  orderId: Type.Optional(Type.String({ format: 'uuid', description: 'Of a sale or a return: whose order' })),
});
export const StockHistory = Type.Object({ items: Type.Array(StockChange), nextCursor: NextCursor });

export const StockHolds = Type.Object({
  items: Type.Array(Type.Object({ orderId: Id, quantity: Units, since: Time, expiresAt: Time })),
});

export const ScarceQuery = Type.Object(
  {
    atMost: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 5, description: 'Units that can be bought' }),
    sellerId: Type.Optional(Type.String({ format: 'uuid', description: 'Admins: whose; without it your own' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 2048 })),
  },
  { additionalProperties: false },
);
export const ScarcePlace = Type.Object({ available: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }), sku: Sku });
export const ScarceStock = Type.Object({
  items: Type.Array(
    Type.Object({
      sku: Sku,
      productId: Id,
      title: Type.String(),
      variantTitle: Type.String(),
      onHand: Units,
      reserved: Units,
      available: Units,
    }),
  ),
  nextCursor: NextCursor,
});

export const ByOrder = Type.Object({ orderId: Id });
export const Reservation = Type.Object({
  orderId: Id,
  status: StringEnum(['held', 'sold', 'released', 'rejected']),
  lines: Type.Array(Type.Object({ sku: Sku, quantity: Units, returned: Units })),
  rejection: Type.Union([
    Type.Array(Type.Object({ sku: Sku, reason: Type.String(), requested: Units, available: Units })),
    Type.Null(),
  ]),
  expiresAt: Type.Union([Time, Type.Null()]),
  reminders: Type.Integer({ minimum: 0, description: 'Number of status queries to `order`' }),
  createdAt: Time,
  updatedAt: Time,
});
