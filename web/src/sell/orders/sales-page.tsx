import { useInfiniteQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { OrderSearch } from '../../api/order-search.tsx';
import { type Order, orderTitle } from '../../api/orders.ts';
import { may, useSellerMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { type Account, useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Segments } from '../../design/segments.tsx';
import { type SalesList, salesQuery } from '../sales-queries.ts';
import { FulfilButton, FulfilDialog } from './fulfil-dialog.tsx';
import styles from './orders.module.css';
import { isToSend, saleState, unitsDone, unitsToSend, unsentUnits, unsentWorth, worthOf } from './units.ts';

const lists = [
  { value: 'unsent', text: 'To send' },
  { value: 'sent', text: 'Sent' },
  { value: 'delivered', text: 'Delivered' },
  { value: 'all', text: 'All' },
] as const;

const emptyTexts: Record<SalesList, string> = {
  unsent: 'No orders to send',
  sent: 'No sent orders',
  delivered: 'No delivered orders',
  all: 'No orders yet',
};

/** The orders that have lines of the seller's. */
export function SalesPage() {
  const account = useAccount();
  const [params, setParams] = useSearchParams();
  const list: SalesList = lists.find(({ value }) => value === params.get('state'))?.value ?? 'unsent';
  return (
    <>
      <PageHeading
        title="Orders"
        lead="Only your lines of each order are shown."
        actions={
          <Segments
            label="Status"
            value={list}
            options={lists}
            onChange={(next) => setParams(next === 'unsent' ? {} : { state: next })}
          />
        }
      />
      <OrderSearch view={may(account, 'orders:read') ? 'all' : 'sales'} base="/sell/orders" />
      {account && <Sales account={account} list={list} />}
    </>
  );
}

function Sales({ account, list }: { account: Account; list: SalesList }) {
  const sales = useInfiniteQuery(salesQuery(account, list));
  return (
    <QueryBoundary query={sales} what="Your orders" height="24rem">
      {({ pages }) => {
        const orders = pages.flatMap((page) => page.items);
        return (
          <>
            <SaleList orders={orders} empty={<NoSales list={list} />} />
            {sales.hasNextPage && (
              <div className={styles.more}>
                <LoadMore query={sales} />
              </div>
            )}
          </>
        );
      }}
    </QueryBoundary>
  );
}

const NoSales = ({ list }: { list: SalesList }) => (
  <EmptyState
    title={emptyTexts[list]}
    action={
      list === 'all' ? (
        <LinkButton href="/sell/products">Your products</LinkButton>
      ) : (
        <LinkButton href="/sell/orders?state=all">All orders</LinkButton>
      )
    }
  />
);

/** Orders at a glance, and in front of them the one that is being marked as sent. */
export function SaleList({ orders, empty }: { orders: readonly Order[]; empty: ReactNode }) {
  const [sent, setSent] = useState<Order>();
  return (
    <>
      {orders.length === 0 ? (
        empty
      ) : (
        <ul className={styles.sales}>
          {orders.map((order) => (
            <SaleItem key={order.id} order={order} onSend={() => setSent(order)} />
          ))}
        </ul>
      )}
      <FulfilDialog order={sent} onDone={() => setSent(undefined)} />
    </>
  );
}

/** An order at a glance: its lines, where it goes, and while units are to be sent, how many and what they are worth. */
function SaleItem({ order, onSend }: { order: Order; onSend: () => void }) {
  const { id, lines, createdAt, shippingAddress } = order;
  const { text, tone } = saleState(order);
  const open = isToSend(order);
  const canSend = useSellerMay()('orders:write');
  return (
    <li className={styles.sale}>
      <div className={styles.saleHead}>
        <Link href={`/sell/orders/${id}`} className={styles.saleTitle}>
          {orderTitle(order)}
        </Link>
        <Badge tone={tone}>{text}</Badge>
        <span className={styles.soft}>
          <Time at={createdAt} /> · to <bdi>{shippingAddress.name}</bdi>, <bdi>{shippingAddress.city}</bdi>{' '}
          {shippingAddress.country}
        </span>
        <span className={styles.push}>{worthText(order)}</span>
      </div>
      <ul className={styles.saleLines}>
        {lines.map((line) => {
          const done = unitsDone(line);
          return (
            <li key={line.sku} className={open && unsentUnits(order, line) === 0 ? styles.soft : undefined}>
              {unitsToSend(order, line)} × <bdi>{line.title}</bdi> <code className={styles.soft}>{line.sku}</code>
              {done && <span className={styles.soft}> {done}</span>}
            </li>
          );
        })}
      </ul>
      {open && (
        <div className={styles.actions}>
          {canSend && <FulfilButton order={order} onOpen={onSend} />}
          <LinkButton href={`/sell/orders/${id}/packing-slip`}>
            Packing slip<span className="visually-hidden">: {orderTitle(order)}</span>
          </LinkButton>
        </div>
      )}
    </li>
  );
}

/** The worth of the units that are to be sent, or of the whole order once there are none. */
function worthText(order: Order): string {
  const { currency } = order.total;
  const [left, all] = [unsentWorth(order), worthOf(order)].map((amount) => moneyText({ amount, currency }));
  return isToSend(order) && left !== all ? `${left} of ${all}` : String(all);
}
