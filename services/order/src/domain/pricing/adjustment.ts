/** One step from the prices of the lines to the total of an order. It says what was added or taken off, and why. */
export type Adjustment = {
  /** `tax_exemption`: tax in the prices that is not charged. */
  type: 'promotion' | 'shipping' | 'tax' | 'tax_exemption';
  /** The line that it is about; null for shipping. */
  sku: string | null;
  /** The promotion, the shipping method or the tax rate; `REVERSE_CHARGE` or `TAX_SERVICE` where it is none of them. */
  sourceId: string;
  /** As customers read it: the name of the promotion, of the method, of the tax. */
  reason: string;
  /** Minor units that it was calculated from. */
  basis: number;
  /** Parts per million of the basis; null for what is no share of it. */
  ratePpm: number | null;
  /** Minor units; below 0 for a promotion and a tax exemption. */
  amount: number;
  /** Whether the amount is in the prices already, as tax is in prices that include it. Then it is no part of the sum. */
  included: boolean;
};

/** What adjustments add to a sum of prices, in minor units. */
export const sumOf = (adjustments: readonly Adjustment[]): number =>
  adjustments.reduce((sum, { amount, included }) => (included ? sum : sum + amount), 0);

/** The sources of taxes that come from no rate of the shop. */
export const REVERSE_CHARGE = 'reverse-charge';
export const TAX_SERVICE = 'tax-service';
