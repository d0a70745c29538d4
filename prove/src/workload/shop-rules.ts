import type { Pool } from '@tradepost/postgres/pool';
import { uuidv7 } from '@tradepost/postgres/uuid';
import type { Random } from '../random.ts';

/** A coupon of the run, with the requests that named it. */
export type Coupon = {
  code: string;
  /** How often it may be used in all, and by one customer; null is any number. */
  limitTotal: number | null;
  limitPerCustomer: number | null;
  requests: CouponRequest[];
};

/** A request for an order with a coupon. */
export type CouponRequest = {
  email: string;
  /** The cart or the idempotency key, of which there is one order at the most. */
  origin: string | undefined;
  /** When it was refused, so that it has no use of the coupon; undefined while it may have one. */
  refusedAt: number | undefined;
};

/** What prices follow from, beside the catalogue. */
export type ShopRules = {
  /** Ids of the methods that are offered for every order. */
  shippingMethods: readonly string[];
  unlimited: Coupon;
  oncePerCustomer: Coupon;
  /** With some uses in all, which are gone after a part of the time. */
  few: readonly Coupon[];
  /** With one or two uses in all, for which many race. */
  last: readonly Coupon[];
};

/** Where everything is sent to. */
export const COUNTRY = 'GB';
/** Classes of taxes; each article has one of them. */
export const TAX_CLASSES = ['standard', 'reduced'] as const;
const RATES_PPM = { standard: 200_000, reduced: 55_000 };
const [FEW, LAST] = [4, 60];

/**
 * Sets up taxes, shipping, promotions and invoices, in the database of `order`. Whether prices include tax, and how it is rounded, follows from
 * the seed. Rules that are used together may be combined, and no price of shipping depends on the value of the goods: so a coupon is
 * refused for one reason only, that it is used up.
 */
export async function setUpShopRules(orders: Pool, random: Random, expectedOrders: number): Promise<ShopRules> {
  await orders.query({
    text: 'update pricing_settings set tax_included = $1, tax_rounding = $2',
    values: [random.chance(0.5), random.pick(['line', 'total'])],
  });
  // From now on there are invoices.
  await orders.query({
    text: 'update shop_settings set legal_name = $1, address_lines = $2',
    values: ['Tradepost', ['Harbour Street 1']],
  });
  for (const taxClass of TAX_CLASSES) {
    await orders.query({
      text: 'insert into tax_rate (id, name, country, tax_class, rate_ppm) values ($1, $2, $3, $4, $5)',
      values: [uuidv7(), `VAT, ${taxClass}`, COUNTRY, taxClass, RATES_PPM[taxClass]],
    });
  }
  const shippingMethods = await addShipping(orders);
  await addPromotion(orders, { name: 'Five percent for everybody', benefit: percent(5) });
  const coupon = async (code: string, benefit: object, limits: Partial<Coupon> = {}): Promise<Coupon> => {
    const made: Coupon = { code, limitTotal: null, limitPerCustomer: null, requests: [], ...limits };
    await addPromotion(orders, { ...made, name: code, benefit });
    return made;
  };
  const several = (prefix: string, count: number, limitOf: (n: number) => number) =>
    Promise.all(
      Array.from({ length: count }, (_, n) => coupon(`${prefix}-${n + 1}`, percent(15), { limitTotal: limitOf(n) })),
    );
  return {
    shippingMethods,
    unlimited: await coupon('ALWAYS', percent(10)),
    oncePerCustomer: await coupon('ONCE', { type: 'amount', amount: 250, currency: 'EUR' }, { limitPerCustomer: 1 }),
    few: await several('FEW', FEW, () => Math.max(3, Math.round(expectedOrders * 0.005))),
    last: await several('LAST', LAST, (n) => 1 + (n % 2)),
  };
}

const percent = (value: number): object => ({ type: 'percent', ratePpm: value * 10_000 });

async function addShipping(orders: Pool): Promise<string[]> {
  const [zone, parcel, express] = [uuidv7(), uuidv7(), uuidv7()];
  await orders.query({
    text: 'insert into shipping_zone (id, name, countries) values ($1, $2, $3)',
    values: [zone, 'At home', [COUNTRY]],
  });
  const parcelTiers = [
    { upTo: 3, price: 490 },
    { upTo: null, price: 890 },
  ];
  for (const [id, name, tiers] of [
    [parcel, 'Parcel', parcelTiers] as const,
    [express, 'Express', [{ upTo: null, price: 1490 }]] as const,
  ]) {
    await orders.query({
      text: `insert into shipping_method (id, zone_id, name, delivery_time, currency, basis, tiers)
        values ($1, $2, $3, '2 days', 'EUR', 'quantity', $4)`,
      values: [id, zone, name, JSON.stringify(tiers)],
    });
  }
  return [parcel, express];
}

async function addPromotion(orders: Pool, o: { name: string; benefit: object } & Partial<Coupon>): Promise<void> {
  await orders.query({
    text: `insert into promotion (id, name, code, benefit, limit_total, limit_per_customer, created_at)
      values ($1, $2, $3, $4, $5, $6, now())`,
    values: [
      ...[uuidv7(), o.name, o.code ?? null, JSON.stringify(o.benefit)],
      ...[o.limitTotal ?? null, o.limitPerCustomer ?? null],
    ],
  });
}
