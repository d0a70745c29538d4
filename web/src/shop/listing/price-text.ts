/** What was typed into a price filter: the price as the address has it (`19.50`), or what is wrong with it. */
export type PriceText = { text: string; problem?: undefined } | { text?: undefined; problem: string };

/** Higher than anything that is sold; a larger number is a slip of the finger. */
const HIGHEST = 1_000_000;

/** Reads what people type for a price: `20`, `19.50`, `19,50`, `€ 20`. Nothing at all is no limit. */
export function readPriceText(typed: string): PriceText {
  const text = typed.replace(/[\p{Sc}\s]/gu, '').replace(',', '.');
  if (text === '') return typed.trim() === '' ? { text } : { problem: 'Write a price, like 20 or 19.50' };
  if (!/^\d{1,10}(\.\d{1,2})?$/.test(text)) return { problem: 'Write a price, like 20 or 19.50' };
  if (Number(text) > HIGHEST) return { problem: 'Nothing costs that much here' };
  return { text };
}

/** What is wrong with the two limits together. */
export function rangeProblem(minPrice: string, maxPrice: string): string | undefined {
  if (minPrice === '' || maxPrice === '' || Number(minPrice) <= Number(maxPrice)) return undefined;
  return 'This is less than the lowest price';
}
