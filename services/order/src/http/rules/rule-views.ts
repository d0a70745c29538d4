import type { Static } from 'typebox';
import { percentOf, requirePpm } from '../../domain/percentage.ts';
import { readTime } from '../../domain/point-in-time.ts';
import { normalizeCouponCode } from '../../domain/pricing/coupon-code.ts';
import type { PromotionBenefit, TaxRate } from '../../domain/pricing/rules.ts';
import type { NewPromotion, StoredPromotion } from '../../store/rules/promotions.ts';
import type { Versioned } from '../../store/rules/rule-table.ts';
import type { ZoneMethod } from '../../store/rules/shipping-methods.ts';
import type { ShippingZone } from '../../store/rules/shipping-zones.ts';
import type * as schemas from './rule-schemas.ts';

/** A field that is left out of an answer where it is null. */
const present = <Name extends string, Value>(name: Name, value: Value | null): Partial<Record<Name, Value>> =>
  // as: a computed name widens the type to any string.
  value === null ? {} : ({ [name]: value } as Record<Name, Value>);

const timeText = (time: Date | null): string | null => time?.toISOString() ?? null;

export const readTaxRate = (id: string, body: Static<typeof schemas.NewTaxRate>): TaxRate => ({
  ...{ id, name: body.name, country: body.country, region: body.region ?? null, taxClass: body.taxClass },
  ratePpm: requirePpm(body.ratePercent, '/ratePercent'),
  validFrom: readTime(body.validFrom, '/validFrom'),
  validUntil: readTime(body.validUntil, '/validUntil'),
});

export const taxRateView = (rate: Versioned<TaxRate>): Static<typeof schemas.TaxRate> => ({
  ...{ id: rate.id, version: rate.version, name: rate.name, country: rate.country },
  ...present('region', rate.region),
  taxClass: rate.taxClass,
  ratePercent: percentOf(rate.ratePpm),
  ...present('validFrom', timeText(rate.validFrom)),
  ...present('validUntil', timeText(rate.validUntil)),
});

/** Countries are sorted, so that the same ones in another order are no change. */
export const readZone = (id: string, { name, countries }: Static<typeof schemas.NewShippingZone>): ShippingZone => ({
  ...{ id, name },
  countries: countries.toSorted(),
});

export const zoneView = ({ id, version, name, countries }: Versioned<ShippingZone>) => ({
  ...{ id, version, name },
  countries: [...countries],
});

export const readMethod = (id: string, body: Static<typeof schemas.NewShippingMethod>): ZoneMethod => ({
  ...{ ...body, id },
  freeFrom: body.freeFrom ?? null,
});

export const methodView = ({
  freeFrom,
  tiers,
  ...method
}: Versioned<ZoneMethod>): Static<typeof schemas.ShippingMethod> => ({
  ...method,
  tiers: [...tiers],
  ...present('freeFrom', freeFrom),
});

export const readPromotion = (id: string, body: Static<typeof schemas.NewPromotion>): NewPromotion => ({
  ...{ id, name: body.name, benefit: readBenefit(body.benefit) },
  code: body.code === undefined ? null : normalizeCouponCode(body.code),
  minimum: body.minimum ?? null,
  productIds: distinct(body.productIds),
  categories: distinct(body.categories),
  firstOrder: body.firstOrder ?? false,
  startsAt: readTime(body.startsAt, '/startsAt'),
  endsAt: readTime(body.endsAt, '/endsAt'),
  combinable: body.combinable ?? true,
  limitTotal: body.limitTotal ?? null,
  limitPerCustomer: body.limitPerCustomer ?? null,
  active: body.active ?? true,
});

const distinct = (texts: readonly string[] = []): string[] => [...new Set(texts)].toSorted();

function readBenefit(benefit: Static<typeof schemas.NewPromotion>['benefit']): PromotionBenefit {
  switch (benefit.type) {
    case 'percent':
      return { type: 'percent', ratePpm: requirePpm(benefit.percent, '/benefit/percent') };
    case 'amount':
      return { type: 'amount', ...benefit.amount };
    case 'buy_x_get_y': {
      const { type, buy, get, percent } = benefit;
      return { ...{ type, buy, get }, ratePpm: requirePpm(percent, '/benefit/percent') };
    }
    case 'free_shipping':
      return { type: 'free_shipping' };
  }
}

function benefitView(benefit: PromotionBenefit): Static<typeof schemas.Promotion>['benefit'] {
  switch (benefit.type) {
    case 'percent':
      return { type: 'percent', percent: percentOf(benefit.ratePpm) };
    case 'amount':
      return { type: 'amount', amount: { amount: benefit.amount, currency: benefit.currency } };
    case 'buy_x_get_y': {
      const { type, buy, get, ratePpm } = benefit;
      return { ...{ type, buy, get }, percent: percentOf(ratePpm) };
    }
    case 'free_shipping':
      return { type: 'free_shipping' };
  }
}

export const promotionView = (promotion: StoredPromotion): Static<typeof schemas.Promotion> => ({
  ...{ id: promotion.id, version: promotion.version, name: promotion.name },
  ...present('code', promotion.code),
  benefit: benefitView(promotion.benefit),
  ...present('minimum', promotion.minimum),
  productIds: [...promotion.productIds],
  categories: [...promotion.categories],
  firstOrder: promotion.firstOrder,
  ...present('startsAt', timeText(promotion.startsAt)),
  ...present('endsAt', timeText(promotion.endsAt)),
  combinable: promotion.combinable,
  ...present('limitTotal', promotion.limitTotal),
  ...present('limitPerCustomer', promotion.limitPerCustomer),
  ...{ active: promotion.active, used: promotion.used },
  createdAt: promotion.createdAt.toISOString(),
});
