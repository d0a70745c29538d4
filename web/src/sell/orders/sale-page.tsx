import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { addressLines } from '../../api/addresses.ts';
import { type Order, orderTitle } from '../../api/orders.ts';
import { hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { AddressBlock } from '../../design/address-block.tsx';
import { LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Panel } from '../../design/layout.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Table } from '../../design/table.tsx';
import { type Sale as SaleOf, saleQuery } from '../sales-queries.ts';
import { OrderNotes } from './order-notes.tsx';
import styles from './orders.module.css';
import { SaleActions } from './sale-actions.tsx';
import { Parcels, Refunds, Returns } from './sale-events.tsx';
import { type Line, paymentNote, saleState, unsentUnits } from './units.ts';

/** One order, with the seller's lines of it: what is to be sent and where, what was sent, and what was refunded. */
export function SalePage() {
  const { id = '' } = useParams();
  const sale = useQuery(saleQuery(id));
  if (sale.data) return <Sale {...sale.data} />;
  return (
    <>
      <PageHeading title="Order" />
      {hasCode(sale.error, 'not_found') ? (
        <EmptyState title="Order not found" action={<LinkButton href="/sell/orders">Your orders</LinkButton>} />
      ) : (
        <QueryBoundary query={sale} what="The order" height="24rem">
          {() => null}
        </QueryBoundary>
      )}
    </>
  );
}

function Sale({ order, fulfilments, refunds, returns }: SaleOf) {
  const { text, tone } = saleState(order);
  const note = paymentNote(order);
  return (
    <>
      <PageHeading
        title={orderTitle(order)}
        lead={
          <>
            <Badge tone={tone}>{text}</Badge> placed <Time at={order.createdAt} />
            {note && <span className={styles.note}>{note}</span>}
          </>
        }
        actions={<SaleActions order={order} />}
      />
      <div className={styles.detail}>
        <Panel title="Lines">
          <Table
            caption="Your lines of this order"
            rows={order.lines}
            keyOf={({ sku }) => sku}
            columns={lineColumns(order)}
          />
        </Panel>
        <Panel title="Shipping address">
          <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.address} />
        </Panel>
        <OrderNotes order={order} />
        <Panel title="Parcels">
          <Parcels orderId={order.id} fulfilments={fulfilments} />
        </Panel>
        {returns.length > 0 && (
          <Panel title="Returns">
            <Returns returns={returns} />
          </Panel>
        )}
        <Panel title="Refunds">
          <Refunds refunds={refunds} />
        </Panel>
      </div>
    </>
  );
}

const lineColumns = (order: Order) => [
  {
    heading: 'Product',
    cell: ({ title, sku, productId }: Line) => (
      <>
        <Link href={`/sell/products/${productId}`}>
          <bdi>{title}</bdi>
        </Link>{' '}
        <code className={styles.soft}>{sku}</code>
      </>
    ),
  },
  { heading: 'Units', number: true, cell: ({ quantity }: Line) => quantity },
  { heading: 'To send', number: true, cell: (line: Line) => unsentUnits(order, line) },
  { heading: 'Sent', number: true, cell: ({ fulfilled }: Line) => fulfilled },
  { heading: 'Returned', number: true, cell: ({ returned }: Line) => returned },
  { heading: 'Refunded', number: true, cell: ({ refunded }: Line) => refunded },
  { heading: 'Total', number: true, cell: ({ total }: Line) => moneyText(total) },
];
