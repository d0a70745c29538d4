import { currencyDecimals, decimalAmount, isCurrency, parseAmount } from '@tradepost/contracts/currencies';
import { ApiProblem } from '../../api/problem.ts';

/** A text of a form that cannot be sent; `field` is as in a problem document (`/tiers/0/price`). */
export class InputProblem extends Error {
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.name = 'InputProblem';
    this.field = field;
  }
}

/** What is wrong with a field, or with a part of it: found by the form, or by the API. */
export function errorAt(error: unknown, field: string): string | undefined {
  if (error instanceof InputProblem) return error.field === field ? error.message : undefined;
  if (!(error instanceof ApiProblem)) return undefined;
  return error.errors.find((one) => one.field === field || one.field.startsWith(`${field}/`))?.message;
}

/** The texts of a form by the names of its fields, without spaces around them. */
export type Texts = (name: string) => string;

export function textsOf(form: HTMLFormElement): Texts {
  const data = new FormData(form);
  return (name) => String(data.get(name) ?? '').trim();
}

/** A field that is left out of a request where nothing is written. */
export const given = <Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): Partial<Record<Name, Value>> =>
  // as: a computed name widens the type to any string.
  value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);

/** Percent as people write it: `19`, `8.875`, `8,875`. */
export function readPercent(text: string, field: string): number {
  const percent = /^\d{1,3}([.,]\d{1,4})?$/.test(text) ? Number(text.replace(',', '.')) : Number.NaN;
  if (percent <= 100) return percent;
  throw new InputProblem(field, 'Enter a percentage from 0 to 100 like 19 or 8.875, with at most four decimals');
}

/** An amount in major units as minor units. */
export function readAmount(text: string, currency: string, field: string): number {
  const amount = parseAmount(text, currency);
  if (amount !== undefined) return amount;
  const example = decimalAmount({ amount: 5 * 10 ** currencyDecimals(currency), currency });
  throw new InputProblem(field, `Enter an amount in ${currency} like ${example}`);
}

export function readCount(text: string, field: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InputProblem(field, 'Enter a whole number like 10');
}

export function readCurrency(text: string, field: string): string {
  const currency = text.toUpperCase();
  if (isCurrency(currency)) return currency;
  throw new InputProblem(field, 'Enter a currency code like EUR');
}

/** Nothing where nothing is written. */
export const optional = <Value>(text: string, read: (text: string) => Value): Value | undefined =>
  text === '' ? undefined : read(text);

/** A time that was entered in the reader's time zone, in UTC. */
export function readTime(text: string, field: string): string {
  const time = new Date(text);
  if (!Number.isNaN(time.getTime())) return time.toISOString();
  throw new InputProblem(field, 'Enter a date and a time');
}

/** A time of the API for a `datetime-local` field, in the reader's time zone. */
export function timeField(at: string | undefined): string {
  if (at === undefined) return '';
  const time = new Date(at);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
