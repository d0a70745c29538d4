import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Tx } from '@tradepost/postgres/db';
import type { ShippingTier, TaxRate } from '../domain/pricing/rules.ts';
import {
  isPromotionUsed,
  lockPromotion,
  type NewPromotion,
  otherPromotions,
  promotions,
  type StoredPromotion,
} from '../store/rules/promotions.ts';
import type { Versioned } from '../store/rules/rule-table.ts';
import { shippingMethods, type ZoneMethod } from '../store/rules/shipping-methods.ts';
import { type ShippingZone, shippingZones } from '../store/rules/shipping-zones.ts';
import { taxRates } from '../store/rules/tax-rates.ts';
import type { RuleKind } from './change-rules.ts';
import { fieldProblem } from './field-problem.ts';

/** Each calculation of a price reads all tax rates, zones, methods and automatic promotions, so there are only so many. */
export const MAX_TAX_RATES = 500;
export const MAX_ZONES = 50;
export const MAX_METHODS = 200;
export const MAX_AUTOMATIC_PROMOTIONS = 200;

export const taxRateKind: RuleKind<TaxRate, Versioned<TaxRate>> = {
  table: taxRates,
  noun: 'tax rate',
  max: MAX_TAX_RATES,
  async assertWritable(_tx, { validFrom, validUntil }) {
    assertPeriod(validFrom, validUntil, '/validUntil');
  },
};

export const shippingZoneKind: RuleKind<ShippingZone, Versioned<ShippingZone>> = {
  table: shippingZones,
  noun: 'shipping zone',
  max: MAX_ZONES,
  async assertDeletable(tx, id) {
    const inIt = (await shippingMethods.all(tx)).filter(({ zoneId }) => zoneId === id.toLowerCase());
    if (inIt.length === 0) return;
    const names = inIt.map(({ name }) => name).join(', ');
    throw new ProblemError('conflict', `The zone still has shipping methods, delete these first: ${names}`);
  },
};

export const shippingMethodKind: RuleKind<ZoneMethod, Versioned<ZoneMethod>> = {
  table: shippingMethods,
  noun: 'shipping method',
  max: MAX_METHODS,
  async assertWritable(tx, { zoneId, tiers }) {
    assertAscending(tiers);
    if (await shippingZones.find(tx, zoneId)) return;
    throw fieldProblem('unprocessable', `There is no shipping zone ${zoneId}`, '/zoneId');
  },
};

export const promotionKind: RuleKind<NewPromotion, StoredPromotion> = {
  table: promotions,
  noun: 'promotion',
  lock: lockPromotion,
  async assertWritable(tx, promotion) {
    assertPeriod(promotion.startsAt, promotion.endsAt, '/endsAt');
    await assertAmongOthers(tx, promotion);
  },
  async assertDeletable(tx, id) {
    if (!(await isPromotionUsed(tx, id))) return;
    throw new ProblemError(
      'conflict',
      'Orders have used the promotion, so it cannot be deleted: switch it off instead',
    );
  },
};

async function assertAmongOthers(tx: Tx, { id, code, active }: NewPromotion): Promise<void> {
  const { withCode, automatic } = await otherPromotions(tx, { id, code });
  if (withCode !== null) {
    throw fieldProblem('promotion_code_taken', `The promotion “${withCode}” has the code ${code} already`, '/code');
  }
  if (code === null && active && automatic >= MAX_AUTOMATIC_PROMOTIONS) {
    const message = `At most ${MAX_AUTOMATIC_PROMOTIONS} promotions without a code are switched on: switch one off first`;
    throw fieldProblem('unprocessable', message, '/active');
  }
}

/** Only the last tier may be without an end, and each ends above the one before it: else one of them could never apply. */
function assertAscending(tiers: readonly ShippingTier[]): void {
  for (const [index, { upTo }] of tiers.entries()) {
    const field = `/tiers/${index}/upTo`;
    const before = tiers[index - 1]?.upTo ?? -1;
    if (upTo === null && index < tiers.length - 1) {
      throw fieldProblem('unprocessable', 'Only the last tier may be without an end', field);
    }
    if (upTo !== null && upTo <= before) {
      throw fieldProblem('unprocessable', `Each tier must end above the one before it, which ends at ${before}`, field);
    }
  }
}

function assertPeriod(from: Date | null, until: Date | null, field: string): void {
  if (from === null || until === null || until > from) return;
  throw fieldProblem('unprocessable', 'The end must be after the beginning', field);
}
