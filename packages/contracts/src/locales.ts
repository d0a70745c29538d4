import { type Static, Type } from 'typebox';

/** The languages that mails are written in (BCP 47). */
export const locales = ['en', 'de', 'fr', 'es'] as const;

export const Locale = Type.Unsafe<(typeof locales)[number]>({
  type: 'string',
  enum: [...locales],
  description: 'A language that mails are written in',
});
export type Locale = Static<typeof Locale>;

/** Whether a text names one of the languages. A newer version of a service may know more of them. */
export const isLocale = (text: string | null | undefined): text is Locale => locales.some((locale) => locale === text);
