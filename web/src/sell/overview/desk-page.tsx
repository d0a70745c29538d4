import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Order, orderTitle } from '../../api/orders.ts';
import { useSellerMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { type Account, useAccount } from '../../api/session.ts';
import { LinkButton } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Columns, Panel, Stack } from '../../design/layout.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { SaleList } from '../orders/sales-page.tsx';
import { saleState } from '../orders/units.ts';
import { LOW_STOCK, type LowStockItem, lowStockQuery } from '../queries.ts';
import { salesQuery } from '../sales-queries.ts';
import styles from './overview.module.css';
import { COUNTED, leadOf, Summary } from './summary.tsx';

const SHOWN = 4;
const LATEST = 6;

export function DeskPage() {
  const account = useAccount();
  return account && <Desk account={account} />;
}

/** What needs doing comes first: orders to send, and variants low on stock. */
function Desk({ account }: { account: Account }) {
  const canEdit = useSellerMay()('catalogue:write');
  const waiting = useInfiniteQuery(salesQuery(account, 'unsent', COUNTED));
  const latest = useInfiniteQuery(salesQuery(account, 'all', LATEST));
  const lowStock = useQuery(lowStockQuery(LOW_STOCK));
  const toSend = waiting.data?.pages[0]?.items;
  return (
    <>
      <PageHeading
        title="Overview"
        lead={leadOf(toSend, lowStock.data)}
        actions={
          canEdit && (
            <LinkButton kind="primary" href="/sell/products/new">
              New product
            </LinkButton>
          )
        }
      />
      <Stack>
        <Summary toSend={toSend} lowStock={lowStock.data} latest={latest.data?.pages[0]?.items} />
        <Columns
          side={
            <>
              <Panel title="Low stock" lead={`Variants with ${LOW_STOCK} units or fewer.`}>
                <QueryBoundary query={lowStock} what="The low stock" height="10rem">
                  {({ items }) => <LowStock items={items} />}
                </QueryBoundary>
              </Panel>
              <Panel title="Latest orders">
                <QueryBoundary query={latest} what="The latest orders" height="10rem">
                  {({ pages }) => <Latest orders={pages[0]?.items ?? []} />}
                </QueryBoundary>
              </Panel>
            </>
          }
        >
          <Panel title="To send" actions={<Link href="/sell/orders">All orders to send</Link>}>
            <QueryBoundary query={waiting} what="The orders to send" height="16rem">
              {() => <ToSend orders={toSend ?? []} />}
            </QueryBoundary>
          </Panel>
        </Columns>
      </Stack>
    </>
  );
}

/** The oldest order comes first: its customer has waited longest. */
function ToSend({ orders }: { orders: readonly Order[] }) {
  return (
    <SaleList orders={orders.toReversed().slice(0, SHOWN)} empty={<p className={styles.done}>No orders to send.</p>} />
  );
}

function LowStock({ items }: { items: readonly LowStockItem[] }) {
  if (items.length === 0) return <p className={styles.done}>No variant is low on stock.</p>;
  return (
    <ul className={styles.list}>
      {items.map((item) => (
        <LowStockEntry key={item.sku} item={item} />
      ))}
    </ul>
  );
}

function LowStockEntry({ item: { sku, productId, title, variantTitle, available } }: { item: LowStockItem }) {
  return (
    <li className={styles.item}>
      <span>
        <Link href={`/sell/products/${productId}/stock/${sku}`}>{title}</Link>
        <span className={styles.soft}>
          {variantTitle && (
            <>
              <bdi>{variantTitle}</bdi>,{' '}
            </>
          )}
          <code>{sku}</code>
        </span>
      </span>
      <Badge tone={available === 0 ? 'bad' : 'warn'}>{available === 0 ? 'sold out' : `${available} left`}</Badge>
    </li>
  );
}

function Latest({ orders }: { orders: readonly Order[] }) {
  if (orders.length === 0) return <p className={styles.done}>No orders yet.</p>;
  return (
    <ul className={styles.list}>
      {orders.map((order) => (
        <li key={order.id} className={styles.item}>
          <span>
            <Link href={`/sell/orders/${order.id}`}>{orderTitle(order)}</Link>
            <span className={styles.soft}>
              <bdi>{order.lines[0]?.title}</bdi>
              {order.lines.length > 1 && ` and ${order.lines.length - 1} more`}, <Time at={order.createdAt} />
            </span>
          </span>
          <Badge tone={saleState(order).tone}>{saleState(order).text}</Badge>
        </li>
      ))}
    </ul>
  );
}
