import type { ReactNode } from 'react';
import { billingLines } from '../../api/order-details.ts';
import type { Order } from '../../api/orders.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Time } from '../../design/format.tsx';
import { Panel } from '../../design/layout.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import styles from './flow.module.css';

/** What the customer has told at checkout; nothing where that is an address only. */
export function OrderDetails({ order }: { order: Order }) {
  const { note, giftNote, acceptedTerms, confirmedAge } = order;
  const billing = billingLines(order);
  const facts: [string, ReactNode][] = [
    ...(billing.length > 0 ? [['Billing', <AddressBlock key="billing" lines={billing} />] as [string, ReactNode]] : []),
    ...textFact('Delivery note', note),
    ...textFact('Gift note', giftNote),
    ...(acceptedTerms ? [['Terms accepted', <Terms key="terms" {...acceptedTerms} />] as [string, ReactNode]] : []),
    ...textFact('Age confirmed', confirmedAge && `${confirmedAge.minimumAge} years or older`),
  ];
  if (facts.length === 0) return null;
  return (
    <Panel title="Checkout details">
      <dl className={styles.details}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Panel>
  );
}

const textFact = (name: string, text: string | undefined): [string, ReactNode][] =>
  text === undefined ? [] : [[name, <MultilineText key={name} text={text} />]];

const Terms = ({ url, at }: NonNullable<Order['acceptedTerms']>) => (
  <>
    <a href={url} target="_blank" rel="noopener noreferrer">
      {url}
    </a>
    , <Time at={at} />
  </>
);
