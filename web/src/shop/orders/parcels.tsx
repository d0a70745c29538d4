import { useQuery } from '@tanstack/react-query';
import { trackingUrl } from '@tradepost/contracts/carriers';
import type { ReactNode } from 'react';
import {
  type Order,
  type OrderRef,
  type Parcel,
  parcelsQuery,
  type Refund,
  type Return,
  refundsQuery,
  returnsQuery,
} from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import styles from './orders.module.css';

/** What was sent, parcel by parcel, what came back, and what was paid back; nothing where there is none of it. */
export function ParcelsAndRefunds({ order, token }: { order: Order; token: OrderRef['token'] }) {
  const opened = { id: order.id, token };
  const isSent = order.lines.some(({ fulfilled }) => fulfilled > 0);
  const parcels = useQuery({ ...parcelsQuery(opened), enabled: isSent });
  const refunds = useQuery({ ...refundsQuery(opened), enabled: order.refunded.amount > 0 });
  const isReturned = order.lines.some(({ returned }) => returned > 0);
  const returns = useQuery({ ...returnsQuery(opened), enabled: isReturned });
  const error = parcels.error ?? refunds.error ?? returns.error;
  return (
    <>
      {error && <Notice tone="warn">Parcels, returns and refunds cannot be shown in full. {explain(error)}</Notice>}
      <Entries
        label="Parcels"
        heading={parcels.data?.items.length === 1 ? 'Your parcel' : 'Your parcels'}
        items={parcels.data?.items ?? []}
      >
        {(parcel, index, of) => <ParcelView order={order} parcel={parcel} position={index + 1} of={of} />}
      </Entries>
      <Entries label="Returns" heading="Sent back" items={returns.data?.items ?? []}>
        {(made) => <ReturnView order={order} made={made} />}
      </Entries>
      <Entries label="Refunds" heading="Paid back" items={refunds.data?.items ?? []}>
        {(refund) => <RefundView order={order} refund={refund} />}
      </Entries>
    </>
  );
}

/** A list in the order of time, under a heading; nothing where it is empty. */
function Entries<Item extends { id: string }>({
  label,
  heading,
  items,
  children,
}: {
  label: string;
  heading: string;
  items: readonly Item[];
  children: (item: Item, index: number, of: number) => ReactNode;
}) {
  if (items.length === 0) return null;
  return (
    <section className={styles.contents} aria-label={label}>
      <h2 className={styles.heading}>{heading}</h2>
      <ol className={styles.parcels}>
        {items.map((item, index) => (
          <li key={item.id} className={styles.parcel}>
            {children(item, index, items.length)}
          </li>
        ))}
      </ol>
    </section>
  );
}

function ParcelView({ order, parcel, position, of }: { order: Order; parcel: Parcel; position: number; of: number }) {
  const { carrier, trackingNumber, lines, createdAt } = parcel;
  const url = trackingUrl(carrier, trackingNumber);
  return (
    <>
      <p className={styles.parcelTitle}>
        <span>
          {of > 1 ? `Parcel ${position} of ${of}` : 'Sent'}
          {carrier && (
            <>
              {' with '}
              <bdi>{carrier}</bdi>
            </>
          )}
        </span>
        <Time at={createdAt} show="day" />
      </p>
      {trackingNumber && (
        <p>
          Tracking number{' '}
          {url ? (
            <a href={url} target="_blank" rel="noreferrer">
              <bdi>{trackingNumber}</bdi>
              <span className="visually-hidden"> (opens the page of the carrier)</span>
            </a>
          ) : (
            <bdi>{trackingNumber}</bdi>
          )}
        </p>
      )}
      <Units order={order} lines={lines} />
    </>
  );
}

function RefundView({ order, refund }: { order: Order; refund: Refund }) {
  const { amount, status, reason, lines, createdAt } = refund;
  return (
    <>
      <p className={styles.parcelTitle}>
        <span>
          {moneyText(amount)}{' '}
          <Badge tone={status === 'done' ? 'good' : 'info'}>{status === 'done' ? 'Paid back' : 'On its way'}</Badge>
        </span>
        <Time at={createdAt} show="day" />
      </p>
      {reason && (
        <p className={styles.soft} dir="auto">
          {reason}
        </p>
      )}
      <Units order={order} lines={lines} />
    </>
  );
}

function ReturnView({ order, made: { lines, reason, createdAt } }: { order: Order; made: Return }) {
  return (
    <>
      <p className={styles.parcelTitle}>
        <span>Came back to us</span>
        <Time at={createdAt} show="day" />
      </p>
      {reason && (
        <p className={styles.soft} dir="auto">
          {reason}
        </p>
      )}
      <Units order={order} lines={lines} />
    </>
  );
}

/** The lines of a parcel, return or refund, named as the order names them. */
function Units({ order, lines }: { order: Order; lines: readonly { sku: string; quantity: number }[] }) {
  const titleOf = (sku: string) => order.lines.find((line) => line.sku === sku)?.title ?? sku;
  return (
    <ul className={styles.units}>
      {lines.map(({ sku, quantity }) => (
        <li key={sku}>
          {quantity} × <bdi>{titleOf(sku)}</bdi>
        </li>
      ))}
    </ul>
  );
}
