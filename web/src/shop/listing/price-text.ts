import { decimalAmount, parseAmount } from '@tradepost/contracts/currencies';

/** What was typed into a price filter: the price as the address has it (`19.50`), or what is wrong with it. */
export type PriceText = { text: string; problem?: undefined } | { text?: undefined; problem: string };

/** Minor units; higher than anything that is sold. A larger number is a slip of the finger. */
const HIGHEST = 100_000_000_000;

/** Reads what people type for a price: `20`, `19.50`, `19,50`, `€ 20`. Nothing at all is no limit. */
export function readPriceText(typed: string, currency: string): PriceText {
  const text = typed.replace(/[\p{Sc}\s]/gu, '').replace(',', '.');
  if (text === '' && typed.trim() === '') return { text };
  const amount = parseAmount(text, currency);
  if (amount === undefined) return { problem: `Write a price, like ${decimalAmount({ amount: 1950, currency })}` };
  if (amount > HIGHEST) return { problem: 'Nothing costs that much here' };
  return { text };
}

/** What is wrong with the two limits together. */
export function rangeProblem(minPrice: string, maxPrice: string): string | undefined {
  if (minPrice === '' || maxPrice === '' || Number(minPrice) <= Number(maxPrice)) return undefined;
  return 'This is less than the lowest price';
}
