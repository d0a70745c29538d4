import { useState } from 'react';
import { useMay } from '../../api/permissions.ts';
import { SelectField, TextField } from '../../design/field.tsx';
import type { Texts } from './form-values.ts';
import styles from './pricing.module.css';
import { RuleForm } from './rule-form.tsx';
import { type BodyOf, type PricingSettings, saveSettings } from './rules.ts';

const bodyOf = (texts: Texts): BodyOf<'replacePricingSettings'> => ({
  taxIncluded: texts('taxIncluded') === 'true',
  taxRounding: texts('taxRounding') === 'total' ? 'total' : 'line',
  shippingTaxClass: texts('shippingTaxClass'),
});

/** Whether prices include tax, how tax is rounded, and the tax class of shipping. */
export function TaxSettings({ settings }: { settings: PricingSettings }) {
  const { taxIncluded, taxRounding, shippingTaxClass } = settings;
  // What was read when the form was filled: a later version would overwrite what another operator has saved since.
  const [version, setVersion] = useState(settings.version);
  const canEdit = useMay()('settings:write');
  const save = async (texts: Texts) => setVersion((await saveSettings(version, bodyOf(texts))).version);
  return (
    <div className={styles.card}>
      <RuleForm
        fields={['/taxIncluded', '/taxRounding', '/shippingTaxClass']}
        saved="Settings saved"
        onSave={save}
        readOnly={!canEdit}
      >
        {(error) => (
          <div className={styles.pair}>
            <SelectField label="Prices of products and shipping" name="taxIncluded" defaultValue={String(taxIncluded)}>
              <option value="true">include tax</option>
              <option value="false">do not include tax: it is added</option>
            </SelectField>
            <SelectField label="Tax is rounded" name="taxRounding" defaultValue={taxRounding}>
              <option value="line">for each line of an order</option>
              <option value="total">once for each tax class</option>
            </SelectField>
            <TextField
              label="Tax class of shipping"
              name="shippingTaxClass"
              required
              maxLength={60}
              defaultValue={shippingTaxClass}
              error={error('/shippingTaxClass')}
            />
          </div>
        )}
      </RuleForm>
    </div>
  );
}
