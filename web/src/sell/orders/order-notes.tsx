import type { Order } from '../../api/orders.ts';
import { Panel } from '../../design/layout.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import styles from './orders.module.css';

/** What the customer has written for whoever packs the order. */
export function OrderNotes({ order: { note, giftNote } }: { order: Order }) {
  return (
    <>
      {note !== undefined && (
        <Panel title="Delivery note">
          <MultilineText text={note} className={styles.address} />
        </Panel>
      )}
      {giftNote !== undefined && (
        <Panel title="Gift note" lead="For the parcel; the packing slip has it.">
          <MultilineText text={giftNote} className={styles.address} />
        </Panel>
      )}
    </>
  );
}
