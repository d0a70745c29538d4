import type { Order } from '../../api/orders.ts';
import styles from './orders.module.css';

const countries = new Intl.DisplayNames('en', { type: 'region' });

/** As it is written on a parcel. */
export function AddressBlock({ address }: { address: Order['shippingAddress'] }) {
  const { name, line1, line2, city, region, postalCode, country, phone } = address;
  const lines = [name, line1, line2, `${postalCode} ${city}`, region, countries.of(country), phone];
  return (
    <address className={styles.address}>
      {lines.filter(Boolean).map((line) => (
        <span key={line}>{line}</span>
      ))}
    </address>
  );
}
