import { MAX_AMOUNT, type Money } from '@tradepost/contracts/money';
import type { FieldError, ProblemCode } from '@tradepost/contracts/problem';
import type { OrderLine } from './order.ts';

/** What `order` knows of one SKU. */
export type SellableVariant = {
  sku: string;
  productId: string;
  sellerId: string;
  title: string;
  price: Money;
  forSale: boolean;
  /** Its seller may not sell at the moment; then it is not for sale. */
  sellerSuspended: boolean;
  priceVersion: number;
  taxClass: string;
  /** 0 where it is unknown. */
  weightGrams: number;
  /** Nothing is sent. */
  digital: boolean;
  /** Slugs. */
  categories: readonly string[];
};

export type WantedLine = { sku: string; quantity: number };

export type PricingResult =
  | { ok: true; lines: OrderLine[]; total: Money }
  | { ok: false; code: ProblemCode; detail: string; errors: FieldError[] };

/** Prices what is wanted, or says of every line why it cannot be sold. */
export function priceLines(
  wanted: readonly WantedLine[],
  variants: ReadonlyMap<string, SellableVariant>,
): PricingResult {
  const errors: FieldError[] = [];
  const lines: OrderLine[] = [];
  const seen = new Set<string>();
  let code: ProblemCode | undefined;
  const addProblem = (reason: ProblemCode, index: number, message: string) => {
    code ??= reason;
    errors.push({ field: `/lines/${index}/sku`, message });
  };
  for (const [index, { sku, quantity }] of wanted.entries()) {
    const variant = variants.get(sku);
    if (seen.has(sku))
      addProblem('duplicate_sku', index, `${sku} is named twice: name it once, with the whole quantity`);
    else if (!variant) addProblem('unknown_sku', index, `${sku} is not known`);
    else if (!variant.forSale) addProblem('not_for_sale', index, `${sku} is not for sale${whyNot(variant)}`);
    else lines.push(lineOf(variant, quantity));
    seen.add(sku);
  }
  if (code) return { ok: false, code, detail: errors.map((error) => error.message).join('; '), errors };
  return total(lines);
}

const whyNot = ({ sellerSuspended }: SellableVariant): string =>
  sellerSuspended ? ' at the moment: its seller does not sell now' : '';

function lineOf(variant: SellableVariant, quantity: number): OrderLine {
  const { sku, productId, sellerId, title, priceVersion } = variant;
  return {
    sku,
    productId,
    sellerId,
    title,
    quantity,
    unitPrice: variant.price,
    priceVersion,
    discount: 0,
    taxExemption: 0,
    tax: 0,
    fulfilled: 0,
    refunded: 0,
    withdrawn: 0,
    returned: 0,
  };
}

function total(lines: OrderLine[]): PricingResult {
  const currency = lines[0]?.unitPrice.currency;
  if (currency === undefined) {
    return { ok: false, code: 'unprocessable', detail: 'An order needs at least one line', errors: [] };
  }
  const other = lines.findIndex((line) => line.unitPrice.currency !== currency);
  if (other >= 0) {
    const message = `${lines[other]?.sku} is priced in ${lines[other]?.unitPrice.currency}, ${lines[0]?.sku} in ${currency}: order them apart`;
    return {
      ok: false,
      code: 'mixed_currencies',
      detail: message,
      errors: [{ field: `/lines/${other}/sku`, message }],
    };
  }
  const amount = lines.reduce((sum, line) => sum + line.unitPrice.amount * line.quantity, 0);
  if (amount > MAX_AMOUNT) {
    const detail = `The total of ${amount} is above the largest order, ${MAX_AMOUNT} minor units`;
    return { ok: false, code: 'amount_too_large', detail, errors: [{ field: '/lines', message: detail }] };
  }
  return { ok: true, lines, total: { amount, currency } };
}
