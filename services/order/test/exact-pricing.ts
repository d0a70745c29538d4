import type { PricingRequest } from '../src/domain/pricing/calculate-pricing.ts';
import type { PricingLine } from '../src/domain/pricing/pricing-line.ts';
import { PARTS_PER_MILLION, type PricingRules, type Promotion } from '../src/domain/pricing/rules.ts';

/** A fraction of integers, so that nothing is rounded before it is to be. The denominator is above 0. */
type Fraction = readonly [numerator: bigint, denominator: bigint];

const times = (amount: bigint, rate: Fraction): Fraction => [amount * rate[0], rate[1]];
/** To the nearest integer, a half up; of fractions of at least 0. */
const round = ([n, d]: Fraction): bigint => (n + n + d) / (d + d);
const ppm = (rate: number): Fraction => [BigInt(rate), BigInt(PARTS_PER_MILLION)];
const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n);

/** Each gets the difference of what all up to it get and what all before it get, both rounded down. */
function share(amount: bigint, weights: readonly bigint[]): bigint[] {
  const all = sum(weights);
  const usable = all > 0n ? weights : weights.map(() => 1n);
  const upTo = (count: number) => (amount * sum(usable.slice(0, count))) / sum(usable);
  return usable.map((_, i) => upTo(i + 1) - upTo(i));
}

const isFor = (promotion: Promotion, line: PricingLine): boolean => {
  if (promotion.productIds.length + promotion.categories.length === 0) return true;
  return (
    promotion.productIds.some((id) => id === line.productId) ||
    line.categories.some((category) => promotion.categories.some((one) => one === category))
  );
};

/** What each unit of the lines costs, as often as there are units, the cheapest first. */
function unitsOf(promotion: Promotion, lines: readonly PricingLine[]) {
  return lines
    .flatMap((line, i) =>
      isFor(promotion, line)
        ? Array<{ i: number; price: number }>(line.quantity).fill({ i, price: line.unitPrice })
        : [],
    )
    .sort((a, b) => a.price - b.price);
}

function takenOff(promotion: Promotion, lines: readonly PricingLine[], left: readonly bigint[]): bigint[] {
  const { benefit } = promotion;
  const eligible = left.map((amount, i) => (isFor(promotion, lines[i] as PricingLine) ? amount : 0n));
  const all = sum(eligible);
  if (all === 0n || benefit.type === 'free_shipping') return left.map(() => 0n);
  if (benefit.type === 'percent') return share(round(times(all, ppm(benefit.ratePpm))), eligible);
  if (benefit.type === 'amount') return share(all < BigInt(benefit.amount) ? all : BigInt(benefit.amount), eligible);
  const units = unitsOf(promotion, lines);
  const cheap = units.slice(0, Math.floor(units.length / (benefit.buy + benefit.get)) * benefit.get);
  return left.map((amount, i) => {
    const prices = sum(cheap.filter((unit) => unit.i === i).map(({ price }) => BigInt(price)));
    const off = round(times(prices, ppm(benefit.ratePpm)));
    if (off < amount) return off;
    return amount;
  });
}

const sequence = ['buy_x_get_y', 'percent', 'amount', 'free_shipping'];

function priceWith(
  set: readonly Promotion[],
  { lines, currency, destination, shippingMethodId }: PricingRequest,
  rules: PricingRules,
) {
  let left = lines.map(({ unitPrice, quantity }) => BigInt(unitPrice) * BigInt(quantity));
  const ordered = [...set].sort(
    (a, b) => sequence.indexOf(a.benefit.type) - sequence.indexOf(b.benefit.type) || a.id.localeCompare(b.id),
  );
  for (const promotion of ordered) {
    const off = takenOff(promotion, lines, left);
    left = left.map((amount, i) => amount - (off[i] ?? 0n));
  }
  const sent = lines.filter(({ digital }) => !digital);
  const goods = sum(left.filter((_, i) => !lines[i]?.digital));
  const prices = new Map<string, bigint>();
  for (const method of sent.length > 0 && destination ? rules.shippingMethods : []) {
    if (method.currency !== currency || !method.countries.includes(destination?.country ?? '')) continue;
    let count = goods;
    if (method.basis === 'weight') count = sum(sent.map((line) => BigInt(line.weightGrams * line.quantity)));
    if (method.basis === 'quantity') count = sum(sent.map((line) => BigInt(line.quantity)));
    const tier = method.tiers.find(({ upTo }) => upTo === null || BigInt(upTo) >= count);
    if (!tier) continue;
    prices.set(method.id, method.freeFrom !== null && goods >= BigInt(method.freeFrom) ? 0n : BigInt(tier.price));
  }
  const cheapest = [...prices.values()].reduce((a, b) => (b < a ? b : a), [...prices.values()][0] ?? 0n);
  const price = shippingMethodId ? (prices.get(shippingMethodId) ?? null) : prices.size > 0 ? cheapest : null;
  const isFree = ordered.some(({ benefit }) => benefit.type === 'free_shipping');
  const shipping = price === null ? null : price - (isFree ? cheapest : 0n);
  return { set, left, shipping, payable: sum(left) + (shipping ?? 0n) };
}

/** What an order costs by an independent calculation: in fractions, promotion by promotion and unit by unit. Coupons must apply. */
export function exactPricing(request: PricingRequest, rules: PricingRules, candidates: readonly Promotion[]) {
  const sets = [
    candidates.filter(({ combinable }) => combinable),
    ...candidates.filter(({ combinable }) => !combinable).map((one) => [one]),
    [],
  ];
  const coupons = request.coupons.map(({ promotion }) => promotion?.id);
  const couponsIn = (set: readonly Promotion[]) => set.filter(({ id }) => coupons.includes(id)).length;
  const [best] = sets
    .map((set) => priceWith(set, request, rules))
    .sort((a, b) => (a.payable < b.payable ? -1 : a.payable > b.payable ? 1 : couponsIn(b.set) - couponsIn(a.set)));
  if (!best) throw new Error('There is always a set');
  const taxed = best.left.map((amount, i) => ({ amount, taxClass: request.lines[i]?.taxClass ?? '' }));
  if (best.shipping !== null) taxed.push({ amount: best.shipping, taxClass: rules.shippingTaxClass });
  let tax = 0n;
  for (const taxClass of new Set(taxed.map((one) => one.taxClass))) {
    const rates = rules.taxRates.filter(
      (rate) =>
        rate.taxClass === taxClass &&
        rate.country === request.destination?.country &&
        [null, request.destination.region].includes(rate.region),
    );
    const all = rates.reduce((total, { ratePpm }) => total + ratePpm, 0);
    const amounts = taxed.filter((one) => one.taxClass === taxClass).map(({ amount }) => amount);
    for (const amount of rules.taxRounding === 'line' ? amounts : [sum(amounts)]) {
      if (rules.taxIncluded) tax += round([amount * BigInt(all), BigInt(PARTS_PER_MILLION + all)]);
      else for (const { ratePpm } of rates) tax += round(times(amount, ppm(ratePpm)));
    }
  }
  return { promotions: best.set, tax, total: best.payable + (rules.taxIncluded ? 0n : tax), shipping: best.shipping };
}
