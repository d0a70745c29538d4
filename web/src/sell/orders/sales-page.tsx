import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { AskedFor } from '../../api/asked.tsx';
import { type Order, type OrderStatus, statusWords } from '../../api/orders.ts';
import { type Account, useAccount } from '../../api/session.ts';
import { Button } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { Segments } from '../../design/segments.tsx';
import { EmptyState } from '../../design/states.tsx';
import { isToSend, salesQuery, unsent } from '../desk.ts';
import { FulfilDialog } from './fulfil-dialog.tsx';
import styles from './orders.module.css';

const views = [
  { value: 'confirmed', text: 'To send' },
  { value: 'fulfilled', text: 'On their way' },
  { value: 'delivered', text: 'Delivered' },
  { value: 'all', text: 'All' },
] as const;
type ViewName = (typeof views)[number]['value'];

/** The orders that hold lines of the seller's. */
export function SalesPage() {
  const account = useAccount();
  const [params, setParams] = useSearchParams();
  const view: ViewName = views.find(({ value }) => value === params.get('state'))?.value ?? 'confirmed';
  return (
    <>
      <PageHeading
        title="Orders"
        lead="Of each you see the lines that are yours."
        actions={
          <Segments
            label="State"
            value={view}
            options={views}
            onChange={(next) => setParams(next === 'confirmed' ? {} : { state: next })}
          />
        }
      />
      {account && <Sales account={account} status={view === 'all' ? undefined : view} />}
    </>
  );
}

function Sales({ account, status }: { account: Account; status: OrderStatus | undefined }) {
  const sales = useInfiniteQuery(salesQuery(account, status));
  return (
    <AskedFor query={sales} what="Your orders" height="24rem">
      {({ pages }) => {
        const orders = pages.flatMap((page) => page.items);
        if (orders.length === 0)
          return <EmptyState title={status === 'confirmed' ? 'Nothing waits to be sent' : 'There are none'} />;
        return (
          <>
            <ul className={styles.sales}>
              {orders.map((order) => (
                <SaleItem key={order.id} order={order} />
              ))}
            </ul>
            {sales.hasNextPage && (
              <div className={styles.more}>
                <Button busy={sales.isFetchingNextPage} onClick={() => void sales.fetchNextPage()}>
                  Older orders
                </Button>
              </div>
            )}
          </>
        );
      }}
    </AskedFor>
  );
}

/** An order at a glance: what, for whom, and what is to be done. */
export function SaleItem({ order }: { order: Order }) {
  const { id, status, lines, createdAt, shippingAddress } = order;
  const { text, tone } = statusWords[status];
  const currency = order.total.currency;
  const own = lines.reduce((sum, { total }) => sum + total.amount, 0);
  return (
    <li className={styles.sale}>
      <div className={styles.saleHead}>
        <Link href={`/sell/orders/${id}`} className={styles.saleTitle}>
          Order …{id.slice(-6)}
        </Link>
        <Badge tone={tone}>{text}</Badge>
        <span className={styles.soft}>
          <Time at={createdAt} /> · to {shippingAddress.name}, {shippingAddress.city} {shippingAddress.country}
        </span>
        <span className={styles.push}>{moneyText({ amount: own, currency })}</span>
      </div>
      <ul className={styles.saleLines}>
        {lines.map((line) => (
          <li key={line.sku}>
            {line.quantity} × {line.title} <code className={styles.soft}>{line.sku}</code>
            {unsent(line) === 0 && line.fulfilled > 0 && <span className={styles.soft}> sent</span>}
          </li>
        ))}
      </ul>
      {isToSend(order) && (
        <div>
          <FulfilDialog order={order} />
        </div>
      )}
    </li>
  );
}
