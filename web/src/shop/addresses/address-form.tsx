import { postalCodeUse } from '@tradepost/contracts/countries';
import type { ChangeEvent } from 'react';
import { SelectField, TextField } from '../../design/field.tsx';
import type { AddressErrors, AddressField, Draft } from './address.ts';
import styles from './addresses.module.css';
import { useCountries } from './countries.ts';

const autoComplete: Record<AddressField, string> = {
  name: 'name',
  line1: 'address-line1',
  line2: 'address-line2',
  postalCode: 'postal-code',
  city: 'address-level2',
  region: 'address-level1',
  country: 'country',
  phone: 'tel',
};

const telephone = { label: 'Telephone', type: 'tel', required: false, hint: 'For the carrier only' };

/** The name of a field in a form that may have both addresses. */
export const addressFieldName = (kind: AddressKind, field: AddressField): string =>
  kind === 'shipping' ? field : `billing-${field}`;

type AddressKind = 'shipping' | 'billing';

/** Where it goes, or who pays. Browsers that know the reader's address can fill it in. */
export function AddressForm({
  kind = 'shipping',
  legend = 'Where to',
  draft,
  errors,
  onChange,
}: {
  kind?: AddressKind;
  legend?: string;
  draft: Draft;
  errors: AddressErrors;
  onChange: (draft: Draft) => void;
}) {
  const field = (name: AddressField) => ({
    name: addressFieldName(kind, name),
    value: draft[name],
    autoComplete: `${kind} ${autoComplete[name]}`,
    error: errors[name],
    onChange: ({ target }: ChangeEvent<HTMLInputElement | HTMLSelectElement>) =>
      onChange({ ...draft, [name]: target.value }),
  });
  const postalCodes = postalCodeUse(draft.country);
  const countries = useCountries(draft.country, kind);
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
        {kind === 'shipping' && <TextField {...telephone} {...field('phone')} />}
      </div>
    </fieldset>
  );
}
