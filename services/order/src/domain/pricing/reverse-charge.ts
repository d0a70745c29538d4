import type { ShopSettings } from '../shop-settings.ts';
import { isInEu, type VatId } from '../vat-id.ts';
import { type Adjustment, REVERSE_CHARGE } from './adjustment.ts';
import type { TaxedAmount } from './taxes.ts';

/**
 * Whether the buyer owes the tax, and not the shop: the shop uses it, the goods go to another member state of the EU than the
 * shop's, and the buyer's VAT id is of that state. The id must also be registered, which the caller knows.
 */
export const mayBeReverseCharged = (
  { reverseCharge, country: home }: ShopSettings,
  destination: { country: string } | null,
  vatId: VatId,
): boolean =>
  reverseCharge &&
  home !== null &&
  destination !== null &&
  destination.country !== home &&
  isInEu(home) &&
  isInEu(destination.country) &&
  vatId.country === destination.country;

/**
 * Turns the taxes of amounts into those of an order whose buyer owes them: a tax of 0 for each amount, so that documents show why
 * there is none. Tax that prices include is taken off, so that the order costs what it costs anybody else, less its tax.
 */
export function reverseCharged(amounts: readonly TaxedAmount[], taxes: readonly Adjustment[]): Adjustment[] {
  const exemptions = taxes
    .filter(({ included, amount }) => included && amount > 0)
    .map((tax): Adjustment => ({ ...tax, type: 'tax_exemption', amount: -tax.amount, included: false }));
  const bySku = Map.groupBy(exemptions, ({ sku }) => sku);
  const net = ({ sku, amount }: TaxedAmount) =>
    (bySku.get(sku) ?? []).reduce((left, exemption) => left + exemption.amount, amount);
  const zero = amounts.map(
    (taxed): Adjustment => ({
      ...{ type: 'tax', sku: taxed.sku, sourceId: REVERSE_CHARGE, reason: 'Reverse charge' },
      ...{ basis: net(taxed), ratePpm: 0, amount: 0, included: false },
    }),
  );
  return [...exemptions, ...zero];
}
