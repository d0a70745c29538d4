import { currencyDecimals, decimalAmount } from '@tradepost/contracts/currencies';

export type Money = { amount: number; currency: string };
/** The languages of documents (BCP 47); the pages themselves are in English. */
export type Language = 'en' | 'de' | 'fr' | 'es';

const regionalLocales: Record<Language, string> = { en: 'en-IE', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };
const LOCALE = regionalLocales.en;
const formats = new Map<string, Intl.NumberFormat>();

/** With the decimals of ISO 4217: those that a browser has by itself are others, and differ from browser to browser. */
function formatOf(currency: string, language: Language): Intl.NumberFormat {
  const key = `${language} ${currency}`;
  const known = formats.get(key);
  if (known) return known;
  const places = currencyDecimals(currency);
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const made = new Intl.NumberFormat(regionalLocales[language], { style: 'currency', currency, ...digits });
  formats.set(key, made);
  return made;
}

/** Minor units (1999) as people write them (€19.99), with as many decimals as the currency has. */
export const moneyText = (money: Money, language: Language = 'en'): string =>
  formatOf(money.currency, language).format(Number(decimalAmount(money)));

/** The same for the axis of a chart: without decimals that say nothing; empty for a part of a minor unit, which is no amount. */
export function moneyMark({ amount, currency }: Money): string {
  if (!Number.isInteger(amount)) return '';
  const places = amount % 10 ** currencyDecimals(currency) === 0 ? 0 : currencyDecimals(currency);
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  return new Intl.NumberFormat(LOCALE, { style: 'currency', currency, ...digits }).format(
    Number(decimalAmount({ amount, currency })),
  );
}

/** A number with the separators of a language: `8,875` in German. */
export const numberText = (value: number, language: Language = 'en'): string =>
  new Intl.NumberFormat(regionalLocales[language], { maximumFractionDigits: 4 }).format(value);

const day = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium' });
/** A time of the API as a day: `28 Nov 2026`. */
export const dayText = (at: string): string => day.format(new Date(at));

/** A date without a time (`2026-11-28`), the same day wherever the reader is. */
export const calendarDayText = (date: string, language: Language = 'en'): string =>
  new Intl.DateTimeFormat(regionalLocales[language], { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(date));

const moment = new Intl.DateTimeFormat(LOCALE, { dateStyle: 'medium', timeStyle: 'short' });
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 2 } as const;
const second = new Intl.DateTimeFormat(LOCALE, clock);

/** A time of the API (RFC 3339), as the reader's clock has it. */
export function Time({ at, show = 'moment' }: { at: string; show?: 'day' | 'moment' | 'second' }) {
  const format = { day, moment, second }[show];
  return <time dateTime={at}>{format.format(new Date(at))}</time>;
}

const regionsIn = new Map<Language, Intl.DisplayNames>();

function regions(language: Language): Intl.DisplayNames {
  const made = regionsIn.get(language) ?? new Intl.DisplayNames([language], { type: 'region' });
  regionsIn.set(language, made);
  return made;
}

/** `DE` as `Germany`; a code that nobody knows stays as it is. */
export function countryName(code: string, language: Language = 'en'): string {
  try {
    return regions(language).of(code) ?? code;
  } catch {
    return code;
  }
}
