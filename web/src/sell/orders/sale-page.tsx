import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { addressLines } from '../../api/addresses.ts';
import { type Order, orderTitle } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { AddressBlock } from '../../design/address-block.tsx';
import { Button, LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Panel } from '../../design/layout.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import { deliverOrder } from '../changes.ts';
import { type Sale as SaleOf, saleQuery } from '../queries.ts';
import { FulfilDialog } from './fulfil-dialog.tsx';
import styles from './orders.module.css';
import { RefundDialog } from './refund-dialog.tsx';
import { isToSend, type Line, saleState, unsent } from './units.ts';

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

// Long: the markup of one page
function Sale({ order, fulfilments, refunds }: SaleOf) {
  const { text, tone } = saleState(order);
  return (
    <>
      <PageHeading
        title={orderTitle(order)}
        lead={
          <>
            <Badge tone={tone}>{text}</Badge> placed <Time at={order.createdAt} />
          </>
        }
        actions={<Actions order={order} />}
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
        <Panel title="Parcels">
          <Events empty="Nothing has been sent yet.">
            {fulfilments.map(({ id, lines, carrier, trackingNumber, createdAt }) => (
              <li key={id}>
                <Link href={`/sell/orders/${order.id}/packing-slip?parcel=${id}`}>
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
        </Panel>
        <Panel title="Refunds">
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
        <Link href={`/sell/products/${productId}`}>{title}</Link> <code className={styles.soft}>{sku}</code>
      </>
    ),
  },
  { heading: 'Units', number: true, cell: ({ quantity }: Line) => quantity },
  { heading: 'To send', number: true, cell: (line: Line) => unsent(order, line) },
  { heading: 'Sent', number: true, cell: ({ fulfilled }: Line) => fulfilled },
  { heading: 'Refunded', number: true, cell: ({ refunded }: Line) => refunded },
  { heading: 'Total', number: true, cell: ({ total }: Line) => moneyText(total) },
];

const linesText = (lines: readonly { sku: string; quantity: number }[]): string =>
  lines.map(({ sku, quantity }) => `${quantity} × ${sku}`).join(', ');

function Events({ empty, children }: { empty: string; children: ReactNode[] }) {
  return children.length === 0 ? <p className={styles.soft}>{empty}</p> : <ul className={styles.events}>{children}</ul>;
}

const refundable = new Set<Order['status']>(['confirmed', 'fulfilled', 'delivered']);

function Actions({ order }: { order: Order }) {
  const isRefundable =
    refundable.has(order.status) && order.lines.some(({ quantity, refunded }) => refunded < quantity);
  return (
    <>
      {isToSend(order) && <FulfilDialog order={order} primary />}
      {isToSend(order) && <LinkButton href={`/sell/orders/${order.id}/packing-slip`}>Packing slip</LinkButton>}
      {order.status === 'fulfilled' && <Deliver order={order} />}
      {isRefundable && <RefundDialog order={order} />}
    </>
  );
}

/** Marking an order as delivered twice has no further effect, so there is no confirmation. */
function Deliver({ order }: { order: Order }) {
  const client = useQueryClient();
  const delivering = useMutation({
    mutationFn: () => deliverOrder(order.id),
    onSuccess: async () => {
      toast('Marked as delivered');
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  return (
    <>
      <Button kind="primary" busy={delivering.isPending} onClick={() => delivering.mutate()}>
        Mark as delivered
      </Button>
      {delivering.error && <Notice tone="bad">{explain(delivering.error)}</Notice>}
    </>
  );
}
