import type { Db } from '@tradepost/postgres/db';
import type { PricingRules, Promotion, ShippingMethod, ShippingTier, TaxRate } from '../domain/pricing/rules.ts';
import { type PromotionRow, promotionColumns, toPromotion } from './promotion-rows.ts';
import { readShopSettings } from './rules/shop-settings.ts';

type SettingsRow = { tax_included: boolean; tax_rounding: 'line' | 'total'; shipping_tax_class: string };

/** The rules as they are now, without promotions that have a code: these are read by their codes. */
export async function readPricingRules(db: Db): Promise<PricingRules> {
  const [shop, settings, taxRates, shippingMethods, automaticPromotions] = await Promise.all([
    readShopSettings(db),
    db.query<SettingsRow>({
      name: 'pricing-settings.read',
      text: 'select tax_included, tax_rounding, shipping_tax_class from pricing_settings',
    }),
    readTaxRates(db),
    readShippingMethods(db),
    readAutomaticPromotions(db),
  ]);
  const [row] = settings.rows;
  if (!row) throw new Error('The table pricing_settings has no row');
  return {
    shop,
    taxIncluded: row.tax_included,
    taxRounding: row.tax_rounding,
    shippingTaxClass: row.shipping_tax_class,
    ...{ taxRates, shippingMethods, automaticPromotions },
  };
}

async function readTaxRates(db: Db): Promise<TaxRate[]> {
  const { rows } = await db.query<{
    id: string;
    name: string;
    country: string;
    region: string | null;
    tax_class: string;
    rate_ppm: number;
    valid_from: Date | null;
    valid_until: Date | null;
  }>({
    name: 'tax-rate.for-pricing',
    text: `select id, name, country, region, tax_class, rate_ppm, valid_from, valid_until from tax_rate
      where valid_until is null or valid_until > now() order by id`,
  });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    country: row.country,
    region: row.region,
    taxClass: row.tax_class,
    ratePpm: row.rate_ppm,
    validFrom: row.valid_from,
    validUntil: row.valid_until,
  }));
}

async function readShippingMethods(db: Db): Promise<ShippingMethod[]> {
  const { rows } = await db.query<{
    id: string;
    name: string;
    delivery_time: string;
    countries: string[];
    currency: string;
    basis: ShippingMethod['basis'];
    tiers: ShippingTier[];
    free_from: number | null;
  }>({
    name: 'shipping-method.for-pricing',
    text: `select m.id, m.name, m.delivery_time, z.countries, m.currency, m.basis, m.tiers, m.free_from
      from shipping_method m join shipping_zone z on z.id = m.zone_id where m.active order by m.position, m.id`,
  });
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    deliveryTime: row.delivery_time,
    countries: row.countries,
    currency: row.currency,
    basis: row.basis,
    tiers: row.tiers,
    freeFrom: row.free_from,
  }));
}

async function readAutomaticPromotions(db: Db): Promise<Promotion[]> {
  const { rows } = await db.query<PromotionRow>({
    name: 'promotion.automatic',
    text: `select ${promotionColumns.join(', ')} from promotion
      where code is null and active and (ends_at is null or ends_at > now()) order by id`,
  });
  return rows.map(toPromotion);
}

/** The promotions with these codes, by code. A code is written in capital letters, without spaces around it. */
export async function promotionsByCode(db: Db, codes: readonly string[]): Promise<Map<string, Promotion>> {
  const { rows } = await db.query<PromotionRow & { code: string }>({
    name: 'promotion.by-code',
    text: `select ${promotionColumns.join(', ')} from promotion where code = any($1::text[])`,
    values: [codes],
  });
  return new Map(rows.map((row) => [row.code, toPromotion(row)]));
}
