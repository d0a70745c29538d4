import { useState } from 'react';
import { SelectField, TextField } from '../../design/field.tsx';
import { CountryOptions } from './country-options.tsx';
import { given, optional, readPercent, readTime, type Texts, timeField } from './form-values.ts';
import styles from './pricing.module.css';
import { type ErrorAt, RuleForm } from './rule-form.tsx';
import { type BodyOf, saveTaxRate, type TaxRate } from './rules.ts';

const FIELDS = ['/name', '/country', '/region', '/taxClass', '/ratePercent', '/validFrom', '/validUntil'];

const bodyOf = (texts: Texts): BodyOf<'saveTaxRate'> => ({
  ...{ name: texts('name'), country: texts('country') },
  ...given('region', optional(texts('region'), String)),
  taxClass: texts('taxClass'),
  ratePercent: readPercent(texts('ratePercent'), '/ratePercent'),
  ...given(
    'validFrom',
    optional(texts('validFrom'), (text) => readTime(text, '/validFrom')),
  ),
  ...given(
    'validUntil',
    optional(texts('validUntil'), (text) => readTime(text, '/validUntil')),
  ),
});

/** Adds a tax rate, or changes one. */
export function TaxRateForm({ rate, onDone }: { rate: TaxRate | undefined; onDone: () => void }) {
  const [id] = useState(() => rate?.id ?? crypto.randomUUID());
  return (
    <RuleForm
      fields={FIELDS}
      saved={rate ? 'Tax rate saved' : 'Tax rate added'}
      onSave={async (texts) => saveTaxRate({ id, ...(rate && { version: rate.version }) }, bodyOf(texts))}
      onDone={onDone}
    >
      {(error) => (
        <>
          <NameAndRate rate={rate} error={error} />
          <Place rate={rate} error={error} />
          <TextField
            label="Tax class"
            hint="Products of this class are taxed by it; standard for most"
            name="taxClass"
            required
            maxLength={60}
            defaultValue={rate?.taxClass ?? 'standard'}
            error={error('/taxClass')}
          />
          <Validity rate={rate} error={error} />
        </>
      )}
    </RuleForm>
  );
}

type FieldsProps = { rate: TaxRate | undefined; error: ErrorAt };

function NameAndRate({ rate, error }: FieldsProps) {
  return (
    <div className={styles.pair}>
      <TextField
        label="Name"
        hint="Customers read it: VAT 19 %"
        name="name"
        required
        maxLength={100}
        defaultValue={rate?.name}
        error={error('/name')}
      />
      <TextField
        label="Rate in percent"
        hint="19 or 8.875"
        name="ratePercent"
        inputMode="decimal"
        autoComplete="off"
        required
        defaultValue={rate?.ratePercent}
        error={error('/ratePercent')}
      />
    </div>
  );
}

function Place({ rate, error }: FieldsProps) {
  return (
    <div className={styles.pair}>
      <SelectField label="Country" name="country" required defaultValue={rate?.country ?? ''} error={error('/country')}>
        <option value="" disabled>
          Choose a country
        </option>
        <CountryOptions />
      </SelectField>
      <TextField
        label="Region"
        name="region"
        required={false}
        maxLength={100}
        defaultValue={rate?.region}
        error={error('/region')}
      />
    </div>
  );
}

function Validity({ rate, error }: FieldsProps) {
  return (
    <div className={styles.pair}>
      <TextField
        label="Valid from"
        name="validFrom"
        type="datetime-local"
        required={false}
        defaultValue={timeField(rate?.validFrom)}
        error={error('/validFrom')}
      />
      <TextField
        label="Valid until"
        name="validUntil"
        type="datetime-local"
        required={false}
        defaultValue={timeField(rate?.validUntil)}
        error={error('/validUntil')}
      />
    </div>
  );
}
