import { Notice } from '../../design/notice.tsx';
import styles from '../checkout/checkout.module.css';
import { keyOfMeans } from './payment-means.ts';
import type { PaymentChoiceState } from './use-payment-choice.ts';

/** The ways to pay, to choose one of. */
export function PaymentChoice({ isKnown, means, chosen, onChoose }: PaymentChoiceState) {
  return (
    <fieldset>
      <legend className={styles.legend}>How to pay</legend>
      {means.some(({ provider }) => provider === 'sandbox') && (
        <p className={styles.soft}>The test cards are of a sandbox: no money moves. Choose how the payment is to go.</p>
      )}
      {means.length === 0 && (
        <Notice tone="warn" title="There is no way to pay at the moment">
          {isKnown ? 'The shop offers none that this page knows.' : 'It is asked for again by itself.'}
        </Notice>
      )}
      <div className={styles.means}>
        {means.map((one) => (
          <label key={keyOfMeans(one)} className={styles.mean}>
            <input
              type="radio"
              name="payment"
              value={keyOfMeans(one)}
              checked={one === chosen}
              onChange={() => onChoose(keyOfMeans(one))}
            />
            <span>
              <strong>{one.name}</strong>
              <span className={styles.soft}>{one.text}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
