import { Link } from 'wouter';
import { addressLines } from '../../api/addresses.ts';
import type { Order } from '../../api/orders.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { moneyText } from '../../design/format.tsx';
import { useProductOf } from '../cart/cart-lines.tsx';
import { Picture } from '../picture.tsx';
import { pictureOf } from '../product/choices.ts';
import { Totals, TotalsRow } from '../totals/totals.tsx';
import { OrderDetails } from './order-details.tsx';
import { lineState, paymentWords } from './order-steps.ts';
import styles from './orders.module.css';

/** What was ordered, what it costs and where it goes. */
export function OrderContents({ order }: { order: Order }) {
  return (
    <aside className={styles.contents} aria-label="What it holds">
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <li key={line.sku} className={styles.line}>
            <OrderLine line={line} />
          </li>
        ))}
      </ul>
      <div className={styles.sums}>
        <Totals sums={order}>
          <TotalsRow label="Payment">{paymentWords[order.payment.status]}</TotalsRow>
          {order.refunded.amount > 0 && <TotalsRow label="Refunded">{moneyText(order.refunded)}</TotalsRow>}
        </Totals>
      </div>
      <div>
        <h2 className={styles.heading}>Where it goes</h2>
        <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.soft} />
        {order.shippingMethod && <Delivery {...order.shippingMethod} />}
      </div>
      <OrderDetails order={order} />
    </aside>
  );
}

function Delivery({ name, deliveryTime }: NonNullable<Order['shippingMethod']>) {
  return (
    <p className={`${styles.soft} ${styles.delivery}`} dir="auto">
      {deliveryTime === '' ? name : `${name}, ${deliveryTime}`}
    </p>
  );
}

function OrderLine({ line }: { line: Order['lines'][number] }) {
  const { product, variant } = useProductOf(line);
  const media = product?.media[pictureOf(product, variant)];
  const state = lineState(line);
  return (
    <>
      <div className={styles.picture}>
        <Picture media={media && { ...media, alt: '' }} title={line.title} size={64} />
      </div>
      <div>
        <p className={styles.lineTitle}>
          {product ? (
            <Link href={`/products/${product.slug}`}>
              <bdi>{line.title}</bdi>
            </Link>
          ) : (
            <bdi>{line.title}</bdi>
          )}
        </p>
        <p className={styles.soft}>
          {line.quantity} × {moneyText(line.unitPrice)}
        </p>
        {state && <p className={styles.soft}>{state}</p>}
      </div>
      <span className={styles.amount}>
        {moneyText({ ...line.unitPrice, amount: line.unitPrice.amount * line.quantity })}
      </span>
    </>
  );
}
