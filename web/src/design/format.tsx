import { currencyDecimals, decimalAmount } from '@tradepost/contracts/currencies';

export type Money = { amount: number; currency: string };

const LOCALE = 'en-IE';
const formats = new Map<string, Intl.NumberFormat>();

/** With the decimals of ISO 4217: those that a browser has by itself are others, and differ from browser to browser. */
function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const places = currencyDecimals(currency);
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const made = new Intl.NumberFormat(LOCALE, { style: 'currency', currency, ...digits });
  formats.set(currency, made);
  return made;
}

/** Minor units (1999) as people write them (€19.99), with as many decimals as the currency has. */
export const moneyText = (money: Money): string => formatOf(money.currency).format(Number(decimalAmount(money)));

const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
/** A time of the API as a day: `28 Nov 2026`. */
export const dayText = (at: string): string => day.format(new Date(at));

const calendarDay = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeZone: 'UTC' });
/** A date without a time (`2026-11-28`), the same day wherever the reader is. */
export const calendarDayText = (date: string): string => calendarDay.format(new Date(date));

const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 2 } as const;
const second = new Intl.DateTimeFormat(LOCALE, clock);

/** A time of the API (RFC 3339), as the reader's clock has it. */
export function Time({ at, show = 'moment' }: { at: string; show?: 'day' | 'moment' | 'second' }) {
  const format = { day, moment, second }[show];
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}

const regions = new Intl.DisplayNames(['en'], { type: 'region' });

/** `DE` as `Germany`; a code that nobody knows stays as it is. */
export function countryName(code: string): string {
  try {
    return regions.of(code) ?? code;
  } catch {
    return code;
  }
}
