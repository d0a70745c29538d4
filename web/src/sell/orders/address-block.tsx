import { addressLines } from '../../api/addresses.ts';
import type { Order } from '../../api/orders.ts';
import styles from './orders.module.css';

/** As it is written on a parcel. */
export function AddressBlock({ address }: { address: Order['shippingAddress'] }) {
  return (
    <address className={styles.address}>
      {addressLines(address).map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  );
}
