/**
 * The currencies of ISO 4217 that have a minor unit, and how many decimals each has. `Intl` is not asked: it follows CLDR,
 * which has other decimals (0 for HUF, IDR, COP, PKR and IQD in some versions), so that the same amount would be shown
 * 100 or 1,000 times too high, and differently in each browser. A test compares this table with the packages `dinero.js`
 * and `currency-codes`. Codes without a minor unit (gold, `XXX` for none, `XTS` for tests) cannot price anything.
 * Source: https://www.iso.org/iso-4217-currency-codes.html
 */
const codesByDecimals = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    'AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW ' +
      'CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF ' +
      'IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN ' +
      'MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS ' +
      'SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG',
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
] as const;

const decimals: ReadonlyMap<string, number> = new Map(
  codesByDecimals.flatMap(([places, codes]) => codes.split(' ').map((code) => [code, places] as const)),
);

/** The alphabetic codes, sorted. */
export const currencyCodes: readonly string[] = [...decimals.keys()].sort();

/** Whether a text is the code of a currency that something can be priced in. */
export const isCurrency = (code: string): boolean => decimals.has(code);

/** How many decimals a currency has: 2 for EUR, 0 for JPY, 3 for KWD; 2 for a code that is not in the table. */
export const currencyDecimals = (code: string): number => decimals.get(code) ?? 2;

/** Minor units as a decimal number: 1999 EUR is `19.99`, 500 JPY is `500`. Digits are moved as text, so nothing is rounded. */
export function decimalAmount({ amount, currency }: { amount: number; currency: string }): string {
  const places = currencyDecimals(currency);
  const digits = String(Math.abs(amount)).padStart(places + 1, '0');
  const sign = amount < 0 ? '-' : '';
  return places === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -places)}.${digits.slice(-places)}`;
}

/**
 * A decimal number as people type it (`19.99` or `19,99`) in minor units of a currency; undefined for what is no amount, or
 * has more decimals than the currency: `1.000` EUR may be meant as a thousand.
 */
export function parseAmount(text: string, currency: string): number | undefined {
  const [, units = '', fraction = ''] = /^(\d{1,12})(?:[.,](\d{0,9}))?$/.exec(text.trim()) ?? [];
  const places = currencyDecimals(currency);
  if (units === '' || fraction.length > places) return undefined;
  return Number(units + fraction.padEnd(places, '0'));
}
