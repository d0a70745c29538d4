import { postalCodeUse } from '@tradepost/contracts/countries';
import type { ChangeEvent } from 'react';
import { SelectField, TextField } from '../../design/field.tsx';
import type { AddressErrors, AddressField, Draft } from './address.ts';
import styles from './addresses.module.css';
import { useCountries } from './countries.ts';

const autoComplete: Record<AddressField, string> = {
  name: 'shipping name',
  line1: 'shipping address-line1',
  line2: 'shipping address-line2',
  postalCode: 'shipping postal-code',
  city: 'shipping address-level2',
  region: 'shipping address-level1',
  country: 'shipping country',
  phone: 'shipping tel',
};

/** Where it goes. Browsers that know the reader's address can fill it in. */
export function AddressForm({
  legend = 'Where to',
  draft,
  errors,
  onChange,
}: {
  legend?: string;
  draft: Draft;
  errors: AddressErrors;
  onChange: (draft: Draft) => void;
}) {
  const field = (name: AddressField) => ({
    name,
    value: draft[name],
    autoComplete: autoComplete[name],
    error: errors[name],
    onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      onChange({ ...draft, [name]: target.value }),
  });
  const postalCodes = postalCodeUse(draft.country);
  const countries = useCountries(draft.country);
  return (
    <fieldset>
      <legend className={styles.legend}>{legend}</legend>
      <div className={styles.fields}>
        <TextField label="Name" required {...field('name')} />
        <TextField label="Street and number" required {...field('line1')} />
        <TextField label="More, such as a floor" required={false} {...field('line2')} />
        <div className={styles.pair}>
          {postalCodes !== 'none' && (
            <TextField label="Postal code" required={postalCodes === 'required'} {...field('postalCode')} />
          )}
          <TextField label="Town or city" required {...field('city')} />
        </div>
        <TextField label="Region" required={false} {...field('region')} />
        <SelectField label="Country" required {...field('country')}>
          {countries.map(({ code, name }) => (
            <option key={code} value={code}>
              {name}
            </option>
          ))}
        </SelectField>
        <TextField label="Telephone" type="tel" required={false} hint="For the carrier only" {...field('phone')} />
      </div>
    </fieldset>
  );
}
