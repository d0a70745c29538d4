import type { PricingLine } from './pricing-line.ts';
import type { ShippingMethod } from './rules.ts';

/** A method that is offered for what is to be sent, with its price in minor units. */
export type ShippingOption = { method: ShippingMethod; price: number };

/** Whether something of this is sent. */
export const isShipped = (lines: readonly PricingLine[]): boolean => lines.some((line) => !line.digital);

/**
 * The methods by which lines can be sent to a country, in the order of the rules. `goods` is what is to be paid for the lines that are
 * sent, after discounts, in minor units of the currency.
 */
export function shippingOptions(
  methods: readonly ShippingMethod[],
  lines: readonly PricingLine[],
  { country, currency, goods }: { country: string; currency: string; goods: number },
): ShippingOption[] {
  const sent = lines.filter((line) => !line.digital);
  if (sent.length === 0) return [];
  const counts = {
    weight: sent.reduce((sum, line) => sum + line.weightGrams * line.quantity, 0),
    quantity: sent.reduce((sum, line) => sum + line.quantity, 0),
    value: goods,
  };
  return methods.flatMap((method): ShippingOption[] => {
    if (method.currency !== currency || !method.countries.includes(country)) return [];
    const tier = method.tiers.find(({ upTo }) => upTo === null || counts[method.basis] <= upTo);
    if (!tier) return [];
    const isFree = method.freeFrom !== null && goods >= method.freeFrom;
    return [{ method, price: isFree ? 0 : tier.price }];
  });
}

/** The cheapest option; of equal ones the first. */
export const cheapestOption = (options: readonly ShippingOption[]): ShippingOption | undefined =>
  options.reduce<ShippingOption | undefined>(
    (best, option) => (best && best.price <= option.price ? best : option),
    undefined,
  );
