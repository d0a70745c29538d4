import { type Locale, locales } from '@tradepost/contracts/locales';
import Negotiator from 'negotiator';

/** Longer headers are not read: browsers send a few dozen characters. */
const MAX_LENGTH = 500;

/**
 * The language that a client prefers among those of `locales`, by its `Accept-Language` header (RFC 9110, section 12.5.4). Undefined where
 * it asks for none of them: `*` and a missing header say nothing of who reads.
 */
export function preferredLocale(acceptLanguage: string | undefined): Locale | undefined {
  if (acceptLanguage === undefined || acceptLanguage.length > MAX_LENGTH) return undefined;
  // Without `*`, which would match the first of our languages.
  const named = acceptLanguage.split(',').filter((range) => !range.trim().startsWith('*'));
  if (named.length === 0) return undefined;
  const negotiator = new Negotiator({ headers: { 'accept-language': named.join(',') } });
  const [preferred] = negotiator.languages([...locales]);
  return locales.find((locale) => locale === preferred);
}
