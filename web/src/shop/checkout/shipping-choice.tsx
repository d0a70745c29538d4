import type { ShippingMethod } from '../../api/quotes.ts';
import { amountText } from '../totals/total-rows.ts';
import styles from './checkout.module.css';

/** How it is sent: one of the methods that the shop offers for the address. */
export function ShippingChoice({
  methods,
  chosen,
  onChoose,
}: {
  methods: readonly ShippingMethod[];
  chosen: string | undefined;
  onChoose: (id: string) => void;
}) {
  return (
    <fieldset className={styles.section}>
      <legend className={styles.legend}>How it is sent</legend>
      <div className={styles.means}>
        {methods.map(({ id, name, deliveryTime, price }) => (
          <label key={id} className={styles.mean}>
            <input type="radio" name="shipping" value={id} checked={chosen === id} onChange={() => onChoose(id)} />
            <span>
              <strong dir="auto">{name}</strong>
              <span className={styles.soft} dir="auto">
                {deliveryTime}
              </span>
            </span>
            <span className={styles.price}>{amountText({ type: 'shipping', amount: price })}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
