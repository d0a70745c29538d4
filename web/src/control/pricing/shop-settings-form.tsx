import { useState } from 'react';
import { isLanguage, languages } from '../../api/mail-settings.ts';
import { useMay } from '../../api/permissions.ts';
import { CheckField, SelectField, TextArea, TextField } from '../../design/field.tsx';
import { CountryOptions } from './country-options.tsx';
import { given, optional, readCount, readCurrency, type Texts } from './form-values.ts';
import styles from './pricing.module.css';
import { type ErrorAt, RuleForm } from './rule-form.tsx';
import { type BodyOf, type ShopSettings, saveShopSettings } from './rules.ts';

const FIELDS = [
  ...['/country', '/vatId', '/termsUrl', '/minimumAge', '/currencies'],
  ...['/legalName', '/addressLines', '/invoicePrefix', '/creditNotePrefix', '/invoiceNote'],
  ...['/language', '/timeZone'],
];

const bodyOf = (texts: Texts): BodyOf<'replaceShopSettings'> => ({
  ...given('country', optional(texts('country'), String)),
  ...given('vatId', optional(texts('vatId'), String)),
  reverseCharge: texts('reverseCharge') !== '',
  ...given('termsUrl', optional(texts('termsUrl'), String)),
  ...given(
    'minimumAge',
    optional(texts('minimumAge'), (text) => readCount(text, '/minimumAge')),
  ),
  currencies: texts('currencies')
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((text) => readCurrency(text, '/currencies')),
  ...given('legalName', optional(texts('legalName'), String)),
  addressLines: texts('addressLines')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean),
  ...given('invoicePrefix', optional(texts('invoicePrefix'), String)),
  ...given('creditNotePrefix', optional(texts('creditNotePrefix'), String)),
  ...given('invoiceNote', optional(texts('invoiceNote'), String)),
  ...given('language', [texts('language')].find(isLanguage)),
  ...given('timeZone', optional(texts('timeZone'), String)),
});

/** The settings of the shop. */
export function ShopSettingsForm({ settings }: { settings: ShopSettings }) {
  // What was read when the form was filled: a later version would overwrite what another operator has saved since.
  const [version, setVersion] = useState(settings.version);
  const canEdit = useMay()('settings:write');
  const save = async (texts: Texts) => setVersion((await saveShopSettings(version, bodyOf(texts))).version);
  return (
    <div className={styles.card}>
      <RuleForm fields={FIELDS} saved="Settings saved" onSave={save} readOnly={!canEdit}>
        {(error) => (
          <>
            <TaxFields settings={settings} error={error} />
            <OrderFields settings={settings} error={error} />
            <IssuerFields settings={settings} error={error} />
            <LanguageFields settings={settings} error={error} />
            <NumberFields settings={settings} error={error} />
          </>
        )}
      </RuleForm>
    </div>
  );
}

type FieldsProps = { settings: ShopSettings; error: ErrorAt };

function TaxFields({ settings: { country, vatId, reverseCharge }, error }: FieldsProps) {
  return (
    <>
      <div className={styles.pair}>
        <SelectField
          label="Country of the shop"
          name="country"
          required={false}
          defaultValue={country ?? ''}
          error={error('/country')}
        >
          <option value="">not set</option>
          <CountryOptions />
        </SelectField>
        <TextField
          label="VAT id of the shop"
          name="vatId"
          required={false}
          maxLength={20}
          defaultValue={vatId}
          error={error('/vatId')}
        />
      </div>
      <CheckField
        label="Charge no VAT to companies in other countries of the EU whose VAT id is registered (reverse charge)"
        name="reverseCharge"
        defaultChecked={reverseCharge}
      />
    </>
  );
}

function OrderFields({ settings: { termsUrl, minimumAge, currencies }, error }: FieldsProps) {
  return (
    <div className={styles.pair}>
      <TextField
        label="Address of the terms"
        name="termsUrl"
        type="url"
        required={false}
        maxLength={500}
        hint="Every customer must accept them"
        defaultValue={termsUrl}
        error={error('/termsUrl')}
      />
      <TextField
        label="Minimum age"
        name="minimumAge"
        inputMode="numeric"
        required={false}
        maxLength={3}
        hint="In years; every customer must confirm it"
        defaultValue={minimumAge}
        error={error('/minimumAge')}
      />
      <TextField
        label="Currencies"
        name="currencies"
        required={false}
        maxLength={100}
        hint="Such as EUR, CHF; any where none is written"
        defaultValue={currencies.join(', ')}
        error={error('/currencies')}
      />
    </div>
  );
}

/** Who issues the invoices. */
function IssuerFields({ settings, error }: FieldsProps) {
  return (
    <>
      <TextField
        label="Legal name"
        name="legalName"
        required={false}
        maxLength={200}
        hint="Orders that are placed from then on get an invoice; without it none is issued"
        defaultValue={settings.legalName}
        error={error('/legalName')}
      />
      <TextArea
        label="Address on invoices"
        name="addressLines"
        required={false}
        rows={4}
        hint="Street, postal code and town, each on a line of its own"
        defaultValue={settings.addressLines.join('\n')}
        error={error('/addressLines')}
      />
    </>
  );
}

/** The language and the days of invoices. */
function LanguageFields({ settings: { language, timeZone }, error }: FieldsProps) {
  return (
    <div className={styles.pair}>
      <SelectField
        label="Language of invoices"
        name="language"
        hint="For customers whose language is not known"
        defaultValue={language}
        error={error('/language')}
      >
        {Object.entries(languages).map(([code, name]) => (
          <option key={code} value={code} lang={code}>
            {name}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Time zone"
        name="timeZone"
        hint="Invoices have its days and years"
        defaultValue={timeZone}
        error={error('/timeZone')}
      >
        {[...new Set([timeZone, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </SelectField>
    </div>
  );
}

/** How the invoices are numbered, and what stands at their foot. */
function NumberFields({ settings, error }: FieldsProps) {
  return (
    <>
      <div className={styles.pair}>
        <TextField
          label="Numbers of invoices begin with"
          name="invoicePrefix"
          required={false}
          maxLength={10}
          hint="Capital letters and digits, such as INV"
          defaultValue={settings.invoicePrefix}
          error={error('/invoicePrefix')}
        />
        <TextField
          label="Numbers of credit notes begin with"
          name="creditNotePrefix"
          required={false}
          maxLength={10}
          hint="Capital letters and digits, such as CN"
          defaultValue={settings.creditNotePrefix}
          error={error('/creditNotePrefix')}
        />
      </div>
      <TextArea
        label="Note on invoices"
        name="invoiceNote"
        required={false}
        rows={3}
        maxLength={1000}
        hint="Such as register and tax number, or why no tax is charged"
        defaultValue={settings.invoiceNote}
        error={error('/invoiceNote')}
      />
    </>
  );
}
