import { type Static, type TString, type TStringOptions, Type } from 'typebox';
import { isCountry } from './countries.ts';
import { isCurrency } from './currencies.ts';
import { readEmailAddress } from './email-address.ts';
import { MAX_AMOUNT } from './money.ts';
import { readLine, readText, type TextReading } from './text.ts';

/**
 * What the keyword `x-input` of a schema may say, with the function that reads such a field: it gives the text as it is to be
 * stored, or what is wrong with it. The validator of `packages/runtime` calls it before it looks at the length.
 */
export const inputReaders = {
  // Ids are compared as texts. RFC 9562, section 4: they are written in small letters, and read in any.
  id: (text: string): TextReading => ({ value: text.toLowerCase() }),
  line: readLine,
  text: readText,
  email: readEmailAddress,
  currency: (text: string): TextReading =>
    isCurrency(text) ? { value: text } : { message: 'must be a currency code of ISO 4217, such as EUR' },
  country: (text: string): TextReading =>
    isCountry(text) ? { value: text } : { message: 'must be a country code of ISO 3166-1 alpha-2, such as DE' },
} as const satisfies Record<string, (text: string) => TextReading>;

/** A kind of field that people write. */
export type InputKind = keyof typeof inputReaders;

/** The keyword's name; an extension of JSON Schema, so with `x-`. */
export const INPUT_KEYWORD = 'x-input';

const input = (kind: InputKind, options: TStringOptions): TString => Type.String({ ...options, [INPUT_KEYWORD]: kind });

/** `Id` in a request: read in small letters, since what it is compared with is written so. */
export const IdInput = input('id', { format: 'uuid', examples: ['01980a7e-5b1c-7c3e-9a52-3f4f1c0a9d11'] });

/** A line of text that people write; with something visible in it, unless `minLength` is 0. */
export const LineInput = (maxLength: number, options: TStringOptions = {}): TString =>
  input('line', { minLength: 1, ...options, maxLength });

/** A text of several lines that people write; it may be empty, unless `minLength` says otherwise. */
export const TextInput = (maxLength: number, options: TStringOptions = {}): TString =>
  input('text', { ...options, maxLength });

/** An e-mail address that people write; read in small letters. */
export const EmailInput = input('email', { maxLength: 254, examples: ['ada@example.com'] });

/** A currency that something is to be priced in. */
export const CurrencyInput = input('currency', { description: 'ISO 4217 currency code', examples: ['EUR'] });

/** A country that something is to be sent to. */
export const CountryInput = input('country', { description: 'ISO 3166-1 alpha-2 code', examples: ['DE'] });

/** `Money` in a request: the currency must exist. What is stored already is read with `Money`, whatever its currency. */
export const MoneyInput = Type.Object(
  {
    amount: Type.Integer({
      minimum: 0,
      maximum: MAX_AMOUNT,
      description: 'Integer minor units, as many decimals as ISO 4217 gives the currency',
      'x-allowed': 'a whole number of minor units: 1250 for EUR 12.50',
      examples: [1999],
    }),
    currency: CurrencyInput,
  },
  { additionalProperties: false },
);
/** An amount of money in a request. */
export type MoneyInput = Static<typeof MoneyInput>;
