import type { KeyboardEvent } from 'react';
import { TextField } from '../../design/field.tsx';
import type { AddressErrors } from '../addresses/address.ts';
import { AddressForm } from '../addresses/address-form.tsx';
import styles from './checkout.module.css';
import type { BillingDraft } from './use-billing.ts';

type BillingFieldsProps = {
  draft: BillingDraft;
  onChange: (changes: Partial<BillingDraft>) => void;
  /** The VAT id looks complete. */
  onVatIdWritten: () => void;
  errors: { address: AddressErrors; company: string | undefined; vatId: string | undefined };
  /** What the shop says to the VAT id. */
  answer: string;
};

/** Who is billed, where that is not who it is sent to. */
export function BillingFields(props: BillingFieldsProps) {
  const { draft, onChange, errors, answer } = props;
  const { differs, address, isCompany } = draft;
  return (
    <fieldset>
      <legend className={styles.legend}>Billing</legend>
      <div className={styles.address}>
        <label className={styles.keep}>
          <input type="checkbox" checked={differs} onChange={({ target }) => onChange({ differs: target.checked })} />
          Billing address is different
        </label>
        {differs && (
          <AddressForm
            kind="billing"
            legend="Billing address"
            draft={address}
            errors={errors.address}
            onChange={(next) => onChange({ address: next })}
          />
        )}
        <label className={styles.keep}>
          <input
            type="checkbox"
            checked={isCompany}
            onChange={({ target }) => onChange({ isCompany: target.checked })}
          />
          I order for a company
        </label>
        {isCompany && <CompanyFields {...props} />}
        <p className={styles.soft} role="status">
          {isCompany && answer}
        </p>
      </div>
    </fieldset>
  );
}

function CompanyFields({ draft: { company, vatId }, onChange, onVatIdWritten, errors }: BillingFieldsProps) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // Otherwise the order would be placed, at a total that does not count the VAT id.
    event.preventDefault();
    onVatIdWritten();
  };
  return (
    <>
      <TextField
        label="Company"
        name="company"
        autoComplete="billing organization"
        required={false}
        maxLength={200}
        value={company}
        error={errors.company}
        onChange={({ target }) => onChange({ company: target.value })}
      />
      <TextField
        label="VAT id"
        name="vatId"
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        required={false}
        maxLength={20}
        hint="With the letters of the country, such as DE136695976"
        value={vatId}
        error={errors.vatId}
        onChange={({ target }) => onChange({ vatId: target.value })}
        onBlur={onVatIdWritten}
        onKeyDown={onKeyDown}
      />
    </>
  );
}
