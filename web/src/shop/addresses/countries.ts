import { countryCodes } from '@tradepost/contracts/countries';
import { countryName } from '../../design/format.tsx';

/** Where the shop sends to: everywhere. The names come from the browser. */
export const countries = countryCodes
  .map((code) => ({ code, name: countryName(code) }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en'));
