import { countryCodes } from '@tradepost/contracts/countries';
import { countryName } from '../../design/format.tsx';

const countries = () =>
  countryCodes.map((code) => ({ code, name: countryName(code) })).sort((a, b) => a.name.localeCompare(b.name));

/** The countries to choose from in a `SelectField`, by their names. */
export const CountryOptions = () =>
  countries().map(({ code, name }) => (
    <option key={code} value={code}>
      {name}
    </option>
  ));
