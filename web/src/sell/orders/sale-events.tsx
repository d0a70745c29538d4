import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import type { Sale } from '../sales-queries.ts';
import styles from './orders.module.css';

/** The parcels of an order, each with a link to its packing slip. */
export const Parcels = ({ orderId, fulfilments }: { orderId: string } & Pick<Sale, 'fulfilments'>) => (
  <Events empty="Nothing has been sent yet.">
    {fulfilments.map(({ id, lines, carrier, trackingNumber, createdAt }) => (
      <li key={id}>
        <Link href={`/sell/orders/${orderId}/packing-slip?parcel=${id}`}>
          Parcel of <Time at={createdAt} />
        </Link>
        : {linesText(lines)}
        {(carrier || trackingNumber) && (
          <span className={styles.soft}>
            {' '}
            {carrier} {trackingNumber && <code>{trackingNumber}</code>}
          </span>
        )}
      </li>
    ))}
  </Events>
);

export const Refunds = ({ refunds }: Pick<Sale, 'refunds'>) => (
  <Events empty="Nothing has been refunded.">
    {refunds.map(({ id, amount, status, reason, lines, createdAt }) => (
      <li key={id}>
        <Time at={createdAt} />: {moneyText(amount)}
        {lines.length > 0 && ` for ${linesText(lines)}`}{' '}
        <Badge tone={status === 'done' ? 'good' : 'info'}>{status === 'done' ? 'refunded' : 'pending'}</Badge>
        <span className={styles.reason}>{reason}</span>
      </li>
    ))}
  </Events>
);

/** Goods that came back. */
export const Returns = ({ returns }: Pick<Sale, 'returns'>) => (
  <Events empty="Nothing has come back.">
    {returns.map(({ id, lines, restock, reason, refundId, createdAt }) => (
      <li key={id}>
        <Time at={createdAt} />: {linesText(lines)}{' '}
        <Badge tone={restock ? 'good' : 'plain'}>{restock ? 'back on sale' : 'not on sale'}</Badge>
        {refundId !== undefined && (
          <>
            {' '}
            <Badge tone="info">with a refund</Badge>
          </>
        )}
        <span className={styles.reason}>{reason}</span>
      </li>
    ))}
  </Events>
);

const linesText = (lines: readonly { sku: string; quantity: number }[]): string =>
  lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');

function Events({ empty, children }: { empty: string; children: ReactNode[] }) {
  return children.length === 0 ? <p className={styles.soft}>{empty}</p> : <ul className={styles.events}>{children}</ul>;
}
