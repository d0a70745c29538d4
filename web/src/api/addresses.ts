import { queryOptions } from '@tanstack/react-query';
import { countryName, type Language } from '../design/format.tsx';
import { api, type ResponseOf, unwrap } from './client.ts';

type Address = SavedAddress['address'];
export type SavedAddress = ResponseOf<'listAddresses'>['items'][number];

/** The reader's saved addresses, the default first. */
export const addressesQuery = queryOptions({
  queryKey: ['addresses'],
  queryFn: ({ signal }) => unwrap(api.GET('/api/v1/addresses', { signal })),
  meta: { part: 'orders' },
});

/** Keeps an address under its id, which whoever makes it chooses: sent twice it is kept once. */
export const saveAddress = ({ id, address, isDefault }: Omit<SavedAddress, 'createdAt'>): Promise<SavedAddress> =>
  unwrap(api.PUT('/api/v1/addresses/{id}', { params: { path: { id } }, body: { address, isDefault } }));

export const forgetAddress = (id: string): Promise<unknown> =>
  unwrap<unknown>(api.DELETE('/api/v1/addresses/{id}', { params: { path: { id } } }));

/** As it is written on a parcel. */
export const addressLines = (address: Address, language: Language = 'en'): string[] => {
  const { name, line1, line2, postalCode, city, region, country, phone } = address;
  const lines = [name, line1, line2, townLine(city, postalCode), region, countryName(country, language), phone];
  return lines.filter((line) => line !== undefined);
};

/** The same in one line, to tell one from another. */
export const addressText = ({ line1, postalCode, city, country }: Address): string =>
  `${line1}, ${townLine(city, postalCode)}, ${countryName(country)}`;

/** Not every country has postal codes. */
const townLine = (city: string, postalCode: string | undefined): string =>
  postalCode === undefined ? city : `${postalCode} ${city}`;
