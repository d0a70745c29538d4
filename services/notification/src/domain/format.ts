import { currencyDecimals, decimalAmount } from '@tradepost/contracts/currencies';
import type { Locale } from '@tradepost/contracts/locales';
import type { Money } from '@tradepost/contracts/money';

const tags: Record<Locale, string> = { en: 'en-IE', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' };

/** Minor units (1999) as people write them (€19.99), with as many decimals as ISO 4217 gives the currency. */
export function moneyText(money: Money, locale: Locale): string {
  const places = currencyDecimals(money.currency);
  const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
  const format = new Intl.NumberFormat(tags[locale], { style: 'currency', currency: money.currency, ...digits });
  return format.format(Number(decimalAmount(money)));
}

/** `29 November 2026`. */
export function dayText(time: string, locale: Locale): string {
  return new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(time));
}

/** `29 November 2026, 23:10 UTC`: nobody knows where the reader is. */
export function momentText(time: string, locale: Locale): string {
  const format = new Intl.DateTimeFormat(tags[locale], { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  return `${format.format(new Date(time))} UTC`;
}
