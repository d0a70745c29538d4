import type { Money } from '../design/format.tsx';

const decimals = new Map<string, number>();

/** How many digits a currency has after the point: 2 for EUR, 0 for JPY. */
function decimalsOf(currency: string): number {
  const known = decimals.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
  decimals.set(currency, maximumFractionDigits ?? 2);
  return maximumFractionDigits ?? 2;
}

/** `19.99` or `19,99` in minor units; undefined for what is no price. Digits are moved as text: no fraction is ever rounded. */
export function parsePrice(text: string, currency: string): number | undefined {
  const [, units = '', fraction = ''] = /^\s*(\d{1,10})(?:[.,](\d*))?\s*$/.exec(text) ?? [];
  const places = decimalsOf(currency);
  if (units === '' || fraction.length > places) return undefined;
  return Number(units + fraction.padEnd(places, '0'));
}

/** Minor units as they are edited: `19.99`. */
export function priceText({ amount, currency }: Money): string {
  const places = decimalsOf(currency);
  if (places === 0) return String(amount);
  const digits = String(amount).padStart(places + 1, '0');
  return `${digits.slice(0, -places)}.${digits.slice(-places)}`;
}
