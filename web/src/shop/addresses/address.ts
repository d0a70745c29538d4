import { postalCodeUse } from '@tradepost/contracts/countries';
import type { Order } from '../../api/orders.ts';

export type Address = Order['shippingAddress'];

/** The fields of an address, in the order in which they are written. */
export const addressFields = ['name', 'line1', 'line2', 'postalCode', 'city', 'region', 'country', 'phone'] as const;
export type AddressField = (typeof addressFields)[number];

export type Draft = Record<AddressField, string>;

export const emptyDraft: Draft = {
  name: '',
  line1: '',
  line2: '',
  postalCode: '',
  city: '',
  region: '',
  country: 'DE',
  phone: '',
};

export const draftOf = (address: Address): Draft => ({ ...emptyDraft, ...address });

const asked: Partial<Record<AddressField, string>> = {
  name: 'Enter the name on the parcel',
  line1: 'Enter street and number',
  postalCode: 'Enter the postal code',
  city: 'Enter the town or city',
  country: 'Choose a country',
};
const most: Record<AddressField, number> = {
  name: 200,
  line1: 200,
  line2: 200,
  postalCode: 20,
  city: 100,
  region: 100,
  country: 2,
  phone: 40,
};
/** Where postal codes have a form that everybody knows, a slip of the finger is found before the parcel is lost. */
const postalCodes: Record<string, { pattern: RegExp; like: string }> = {
  DE: { pattern: /^\d{5}$/, like: '20457' },
  FR: { pattern: /^\d{5}$/, like: '75011' },
  ES: { pattern: /^\d{5}$/, like: '28013' },
  IT: { pattern: /^\d{5}$/, like: '00184' },
  AT: { pattern: /^\d{4}$/, like: '1070' },
  CH: { pattern: /^\d{4}$/, like: '8004' },
  BE: { pattern: /^\d{4}$/, like: '1000' },
  NL: { pattern: /^\d{4} ?[A-Za-z]{2}$/, like: '1016 AB' },
  GB: { pattern: /^[A-Za-z]{1,2}\d[A-Za-z\d]? ?\d[A-Za-z]{2}$/, like: 'SW1A 1AA' },
  US: { pattern: /^\d{5}(-\d{4})?$/, like: '10001' },
};

/** Whether a field must be filled in: a postal code only where addresses have one. */
export const isAsked = (field: AddressField, country: string): boolean =>
  field in asked && (field !== 'postalCode' || postalCodeUse(country) === 'required');

export type AddressErrors = Partial<Record<AddressField, string>>;

/** What is wrong with an address, by field. */
export function checkAddress(draft: Draft): AddressErrors {
  const errors: AddressErrors = {};
  for (const field of addressFields) {
    const value = draft[field].trim();
    const message = isAsked(field, draft.country) ? asked[field] : undefined;
    if (message && value === '') errors[field] = message;
    else if (value.length > most[field]) errors[field] = `At most ${most[field]} characters`;
  }
  const form = postalCodes[draft.country];
  if (form && draft.postalCode.trim() !== '' && !errors.postalCode && !form.pattern.test(draft.postalCode.trim())) {
    errors.postalCode = `Not a postal code of that country: they look like ${form.like}`;
  }
  return errors;
}

/** Of the errors that were found when the form was sent, those that are still there: what has been corrected is not marked any more. */
export function remainingErrors(found: AddressErrors, draft: Draft): AddressErrors {
  const now = checkAddress(draft);
  return Object.fromEntries(addressFields.filter((field) => found[field]).map((field) => [field, now[field]]));
}

/** An address as the API takes it: trimmed, without what was left empty. */
export function addressOf(draft: Draft): Address {
  const entries = addressFields
    .map((field) => [field, draft[field].trim()] as const)
    .filter(([field, value]) => value !== '' && !(field === 'postalCode' && postalCodeUse(draft.country) === 'none'));
  const { name, line1, city, country } = draft;
  return { name, line1, city, country, ...Object.fromEntries(entries) };
}
