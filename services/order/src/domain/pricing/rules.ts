import type { ShopSettings } from '../shop-settings.ts';
/** Rates are integers in parts per million: 19 % is 190,000, and this is 100 %. */
export const PARTS_PER_MILLION = 1_000_000;

/** A tax of a country, or of one region of it. All that match a destination and a tax class are added up. */
export type TaxRate = {
  id: string;
  /** As customers read it: “VAT 19 %”. */
  name: string;
  country: string;
  /** Null: in the whole country. */
  region: string | null;
  taxClass: string;
  ratePpm: number;
  validFrom: Date | null;
  /** The first moment at which it is not valid any more. */
  validUntil: Date | null;
};

/** One step of a method's prices: up to and including this much, or any (null). */
export type ShippingTier = { upTo: number | null; price: number };

/** A way of sending to the countries of a zone. */
export type ShippingMethod = {
  id: string;
  name: string;
  /** As customers read it: “2 to 4 working days”. */
  deliveryTime: string;
  countries: readonly string[];
  currency: string;
  /** What the tiers count: grams, minor units of the goods after discounts, or units. */
  basis: 'weight' | 'value' | 'quantity';
  /** In ascending order of `upTo`. Above the last one the method is not offered. */
  tiers: readonly ShippingTier[];
  /** Goods of at least this value, in minor units after discounts, are sent for nothing. */
  freeFrom: number | null;
};

/** What a promotion takes off. */
export type PromotionBenefit =
  | { type: 'percent'; ratePpm: number }
  /** Minor units, of all lines that it is for together. */
  | { type: 'amount'; amount: number; currency: string }
  /** Of each `buy + get` units, the `get` cheapest cost less by the rate. */
  | { type: 'buy_x_get_y'; buy: number; get: number; ratePpm: number }
  /** The price of the cheapest method offered. */
  | { type: 'free_shipping' };

/** A discount under conditions, by a code or automatic. */
export type Promotion = {
  id: string;
  name: string;
  /** Null: it applies without a code. */
  code: string | null;
  benefit: PromotionBenefit;
  /** The goods that it is for must cost this much before discounts. */
  minimum: { amount: number; currency: string } | null;
  /** It is for these products and those of these categories; for all where both are empty. */
  productIds: readonly string[];
  categories: readonly string[];
  /** Only for the first order of a customer. */
  firstOrder: boolean;
  startsAt: Date | null;
  /** The first moment at which it is not valid any more. */
  endsAt: Date | null;
  /** Whether it may be used together with others that may. */
  combinable: boolean;
  /** How often it may be used in all, and by one customer; null is any number. */
  limitTotal: number | null;
  limitPerCustomer: number | null;
  /** How often it was used by orders that are unsettled or paid; counted only where there is a limit. */
  used: number;
  active: boolean;
};

/** Everything but the catalogue that orders and their prices follow from. */
export type PricingRules = {
  shop: ShopSettings;
  /** Whether the prices of the catalogue and of shipping include tax. */
  taxIncluded: boolean;
  /** Whether tax is rounded for each line, or for each tax class and then split over its lines. */
  taxRounding: 'line' | 'total';
  /** The tax class of shipping. */
  shippingTaxClass: string;
  taxRates: readonly TaxRate[];
  /** In the order in which they are shown. */
  shippingMethods: readonly ShippingMethod[];
  /** The promotions without a code. */
  automaticPromotions: readonly Promotion[];
};
