import { useQuery } from '@tanstack/react-query';
import { countryCodes } from '@tradepost/contracts/countries';
import { shopQuery } from '../../api/quotes.ts';
import { countryName } from '../../design/format.tsx';

type Country = { code: string; name: string };

/** All countries; the names come from the browser. */
const countries: readonly Country[] = countryCodes
  .map((code) => ({ code, name: countryName(code) }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en'));

/** The countries to choose from: those that the shop sends to, and the one that an address has already; for a billing address all. */
export function useCountries(chosen: string, kind: 'shipping' | 'billing'): readonly Country[] {
  const { data: shop } = useQuery(shopQuery);
  const sentTo = kind === 'shipping' && shop?.countries;
  return sentTo ? countries.filter(({ code }) => code === chosen || sentTo.includes(code)) : countries;
}

/** The country that a new address begins with: `usual`, or the first one that the shop sends to (null: every country). */
export function firstCountry(usual: string, sentTo: readonly string[] | null | undefined): string {
  if (!sentTo || sentTo.includes(usual)) return usual;
  return countries.find(({ code }) => sentTo.includes(code))?.code ?? usual;
}
