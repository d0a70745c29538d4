import { type ReactNode, useId } from 'react';
import styles from './checkout.module.css';

type Confirmation = { checked: boolean; onCheck: (checked: boolean) => void; error: string | undefined };

type ConfirmationFieldsProps = {
  terms: (Confirmation & { url: string }) | null;
  age: (Confirmation & { years: number }) | null;
};

/** The boxes that the shop has every shopper check; nothing in a shop that has none. */
export function ConfirmationFields({ terms, age }: ConfirmationFieldsProps) {
  if (!terms && !age) return null;
  return (
    <fieldset>
      <legend className={styles.legend}>Before you order</legend>
      {terms && (
        <ConfirmationField name="acceptedTerms" {...terms}>
          <span>
            I accept the{' '}
            <a href={terms.url} target="_blank" rel="noopener noreferrer">
              terms
            </a>
          </span>
        </ConfirmationField>
      )}
      {age && (
        <ConfirmationField name="ageConfirmed" {...age}>
          I am {age.years} years or older
        </ConfirmationField>
      )}
    </fieldset>
  );
}

function ConfirmationField({
  name,
  checked,
  onCheck,
  error,
  children,
}: Confirmation & { name: string; children: ReactNode }) {
  const id = useId();
  return (
    <div>
      <label className={styles.keep}>
        <input
          type="checkbox"
          name={name}
          required
          checked={checked}
          {...(error && { 'aria-invalid': true, 'aria-describedby': id })}
          onChange={({ target }) => onCheck(target.checked)}
        />
        {children}
      </label>
      {error && (
        <p className={styles.problem} id={id}>
          {error}
        </p>
      )}
    </div>
  );
}
