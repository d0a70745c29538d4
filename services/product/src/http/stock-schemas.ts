import { IdInput, LineInput } from '@tradepost/contracts/input';
import { Id, Sku, Time } from '@tradepost/contracts/shapes';
import { StringEnum } from '@tradepost/runtime/schema';
import { Type } from 'typebox';
import { Cursor, Limit } from './schemas.ts';

const strict = { additionalProperties: false };
const Units = Type.Integer({ minimum: 0 });
const NextCursor = Type.Union([Type.String(), Type.Null()]);

export const Stock = Type.Object({
  sku: Sku,
  onHand: Type.Integer({ minimum: 0, description: 'Units in the warehouse, reserved or not' }),
  reserved: Type.Integer({ minimum: 0, description: 'Units reserved for orders that are not paid yet' }),
  available: Type.Integer({ minimum: 0 }),
});

export const NewAdjustment = Type.Object(
  {
    delta: Type.Integer({ minimum: -1_000_000, maximum: 1_000_000, not: { const: 0 }, description: 'Units; not 0' }),
    reason: LineInput(200, { description: 'Why' }),
  },
  strict,
);
export const Adjustment = Type.Object({
  id: Id,
  sku: Sku,
  delta: Type.Integer(),
  reason: Type.String(),
  adjustedBy: Id,
  onHand: Type.Integer({ minimum: 0, description: 'What it came to' }),
  createdAt: Time,
});
export const AdjustmentQuery = Type.Object({ limit: Type.Optional(Limit), cursor: Type.Optional(Cursor) }, strict);
export const AdjustmentPage = Type.Object({
  items: Type.Array(Adjustment),
  nextCursor: NextCursor,
});

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

export const LowStockQuery = Type.Object(
  {
    atMost: Type.Integer({ minimum: 0, maximum: 1_000_000, default: 5, description: 'Units that can be bought' }),
    sellerId: Type.Optional(Type.Unsafe<string>({ ...IdInput, description: 'Admins: whose; without it your own' })),
    limit: Type.Integer({ minimum: 1, maximum: 100, default: 24 }),
    cursor: Type.Optional(Type.String({ minLength: 1, maxLength: 2048 })),
  },
  strict,
);
export const LowStockCursor = Type.Object({
  available: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  sku: Sku,
});
export const LowStockPage = Type.Object({
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

export const ByOrder = Type.Object({ orderId: IdInput });
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
