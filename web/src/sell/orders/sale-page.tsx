import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'wouter';
import { addressLines } from '../../api/addresses.ts';
import { AskedFor } from '../../api/asked.tsx';
import { type Order, statusWords } from '../../api/orders.ts';
import { explain, hasCode } from '../../api/problem.ts';
import { AddressBlock } from '../../design/address-block.tsx';
import { Panel } from '../../design/area.tsx';
import { Button, LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge, Notice } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/states.tsx';
import { Table } from '../../design/table.tsx';
import { toast } from '../../design/toast.tsx';
import { deliverOrder } from '../changes.ts';
import { isToSend, type Line, type Sale as SaleOf, saleQuery, unsent } from '../desk.ts';
import { FulfilDialog } from './fulfil-dialog.tsx';
import styles from './orders.module.css';
import { RefundDialog } from './refund-dialog.tsx';

/** One order, as far as it is the seller's: what is to be sent where, what was, and what went back. */
export function SalePage() {
  const { id = '' } = useParams();
  const sale = useQuery(saleQuery(id));
  if (sale.data) return <Sale {...sale.data} />;
  return (
    <>
      <PageHeading title={`Order …${id.slice(-6)}`} />
      {hasCode(sale.error, 'not_found') ? (
        <EmptyState
          title="There is no such order of yours"
          action={<LinkButton href="/sell/orders">Your orders</LinkButton>}
        />
      ) : (
        <AskedFor query={sale} what="The order" height="24rem">
          {() => null}
        </AskedFor>
      )}
    </>
  );
}

function Sale({ order, fulfilments, refunds }: SaleOf) {
  const { text, tone } = statusWords[order.status];
  return (
    <>
      <PageHeading
        title={`Order …${order.id.slice(-6)}`}
        lead={
          <>
            <Badge tone={tone}>{text}</Badge> placed <Time at={order.createdAt} />
          </>
        }
        actions={<Actions order={order} />}
      />
      <div className={styles.detail}>
        <Panel title="Your lines">
          <Table caption="Your lines of this order" rows={order.lines} keyOf={({ sku }) => sku} columns={lineColumns} />
        </Panel>
        <Panel title="To">
          <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.address} />
        </Panel>
        <Panel title="Sent">
          <Events empty="Nothing has been sent yet.">
            {fulfilments.map(({ id, lines, carrier, trackingNumber, createdAt }) => (
              <li key={id}>
                <Time at={createdAt} />: {linesText(lines)}
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
        <Panel title="Given back">
          <Events empty="Nothing has been given back.">
            {refunds.map(({ id, amount, status, reason, lines, createdAt }) => (
              <li key={id}>
                <Time at={createdAt} />: {moneyText(amount)}
                {lines.length > 0 && ` for ${linesText(lines)}`}{' '}
                <Badge tone={status === 'done' ? 'good' : 'info'}>{status}</Badge>
                <span className={styles.reason}>{reason}</span>
              </li>
            ))}
          </Events>
        </Panel>
      </div>
    </>
  );
}

const lineColumns = [
  {
    heading: 'Product',
    cell: ({ title, sku, productId }: Line) => (
      <>
        <Link href={`/sell/products/${productId}`}>{title}</Link> <code className={styles.soft}>{sku}</code>
      </>
    ),
  },
  { heading: 'Units', number: true, cell: ({ quantity }: Line) => quantity },
  { heading: 'To send', number: true, cell: unsent },
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
      {order.status === 'fulfilled' && <Deliver order={order} />}
      {isRefundable && <RefundDialog order={order} />}
    </>
  );
}

/** That it has arrived can be said twice, so nothing is asked first. */
function Deliver({ order }: { order: Order }) {
  const client = useQueryClient();
  const delivering = useMutation({
    mutationFn: () => deliverOrder(order.id),
    onSuccess: async () => {
      toast('Noted as delivered');
      await client.invalidateQueries({ queryKey: ['desk'] });
    },
    meta: { part: 'orders' },
  });
  return (
    <>
      <Button kind="primary" busy={delivering.isPending} onClick={() => delivering.mutate()}>
        It has arrived
      </Button>
      {delivering.error && <Notice tone="bad">{explain(delivering.error)}</Notice>}
    </>
  );
}
