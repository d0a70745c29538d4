import type { KeyboardEvent } from 'react';
import { Button } from '../../design/button.tsx';
import { Field } from '../../design/field.tsx';
import styles from './checkout.module.css';
import type { Coupons } from './use-coupons.ts';

/** The codes that are applied, and a field for another one. */
export function CouponFields({ codes, text, onText, problem, news, input, apply, remove, busy }: Coupons) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return;
    // Otherwise the form would be sent, and so the order be placed.
    event.preventDefault();
    apply();
  };
  return (
    <div className={styles.coupons}>
      <Field label="Discount code" optional error={problem}>
        {(control) => (
          <div className={styles.coupon}>
            <input
              type="text"
              name="coupon"
              autoComplete="off"
              autoCapitalize="characters"
              spellCheck={false}
              maxLength={64}
              {...control}
              ref={input}
              value={text}
              onChange={({ target }) => onText(target.value)}
              onKeyDown={onKeyDown}
            />
            <Button busy={busy} onClick={apply}>
              Apply
            </Button>
          </div>
        )}
      </Field>
      {codes.length > 0 && (
        <ul className={styles.codes} aria-label="Applied codes">
          {codes.map((code) => (
            <li key={code} className={styles.code}>
              <bdi>{code}</bdi>
              <Button kind="quiet" aria-label={`Remove the code ${code}`} onClick={() => remove(code)}>
                Remove
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p className="visually-hidden" role="status">
        {news}
      </p>
    </div>
  );
}
