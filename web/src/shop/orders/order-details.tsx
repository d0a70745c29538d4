import { billingLines } from '../../api/order-details.ts';
import type { Order } from '../../api/orders.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Time } from '../../design/format.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import styles from './orders.module.css';

/** What the customer has told beside where it goes: who is billed, notes, and what was confirmed. */
export function OrderDetails({ order }: { order: Order }) {
  const { note, giftNote, acceptedTerms, confirmedAge } = order;
  const billing = billingLines(order);
  return (
    <>
      {billing.length > 0 && (
        <div>
          <h2 className={styles.heading}>Who is billed</h2>
          <AddressBlock lines={billing} className={styles.soft} />
        </div>
      )}
      {note !== undefined && <Note title="Delivery note" text={note} />}
      {giftNote !== undefined && <Note title="Gift note" text={giftNote} />}
      {(acceptedTerms || confirmedAge) && (
        <p className={styles.soft}>
          {acceptedTerms && (
            <>
              You accepted{' '}
              <a href={acceptedTerms.url} target="_blank" rel="noopener noreferrer">
                the terms
              </a>{' '}
              on <Time at={acceptedTerms.at} show="day" />.{' '}
            </>
          )}
          {confirmedAge && `You confirmed that you are ${confirmedAge.minimumAge} years or older.`}
        </p>
      )}
    </>
  );
}

const Note = ({ title, text }: { title: string; text: string }) => (
  <div>
    <h2 className={styles.heading}>{title}</h2>
    <MultilineText text={text} className={styles.soft} />
  </div>
);
