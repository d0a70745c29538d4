import type { Money } from '../design/format.tsx';
import type { ResponseOf } from './client.ts';

export type Cart = ResponseOf<'getCart'>;
export type CartLine = Cart['lines'][number];

/** What a page knows of a line that it changes, so that the line can be shown at once. */
type LineFacts = { sku: string; title?: string; unitPrice?: Money; productId?: string };

/** A change of one line: sets its quantity (0 removes the line), adds units, or sees to it that there are so many. */
export type CartChange = LineFacts & ({ quantity: number } | { add: number } | { atLeast: number });

export const MOST_OF_ONE = 999;

/** The quantities that additions have come to, once each of them has begun. */
const resolvedQuantities = new WeakMap<CartChange, number>();

/** Keeps what an addition has come to, so that it is not added to a fetched cart that has it already. */
export const rememberQuantity = (change: CartChange, quantity: number): void => {
  resolvedQuantities.set(change, quantity);
};

export function quantityAfter(present: CartLine | undefined, change: CartChange): number {
  if ('quantity' in change) return change.quantity;
  const before = present?.quantity ?? 0;
  const after = 'add' in change ? before + change.add : Math.max(before, change.atLeast);
  return resolvedQuantities.get(change) ?? Math.min(after, MOST_OF_ONE);
}

/** The cart as it will be after a change, as far as one can tell before the shop has answered. */
export function withChange(cart: Cart | null, change: CartChange): Cart {
  const { sku, title, unitPrice, productId } = change;
  const before = cart ?? { id: '', lines: [], total: null, updatedAt: new Date().toISOString() };
  const present = before.lines.find((line) => line.sku === sku);
  const facts = {
    ...(title !== undefined && { title }),
    ...(unitPrice && { unitPrice }),
    ...(productId && { productId }),
  };
  const line: CartLine = { sku, forSale: true, ...facts, ...present, quantity: quantityAfter(present, change) };
  if (line.unitPrice) line.total = { ...line.unitPrice, amount: line.unitPrice.amount * line.quantity };
  const lines = present ? before.lines.map((one) => (one.sku === sku ? line : one)) : [...before.lines, line];
  const left = lines.filter((one) => one.quantity > 0);
  return { ...before, lines: left, total: totalOf(left) };
}

function totalOf(lines: readonly CartLine[]): Money | null {
  const totals = lines.flatMap(({ total }) => (total ? [total] : []));
  const currency = totals[0]?.currency;
  const isWhole = totals.length === lines.length && totals.every((one) => one.currency === currency);
  if (currency === undefined || !isWhole) return null;
  return { currency, amount: totals.reduce((sum, { amount }) => sum + amount, 0) };
}
