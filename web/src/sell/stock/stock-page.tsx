import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { OrderNumber } from '../../api/order-number.tsx';
import { useSellerMay } from '../../api/permissions.ts';
import { hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { LinkButton } from '../../design/button.tsx';
import { Time } from '../../design/format.tsx';
import { Columns, Panel, Stack, Stat, Stats } from '../../design/layout.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Table } from '../../design/table.tsx';
import { historyQuery, holdsQuery, LOW_STOCK, productQuery, stockQuery } from '../queries.ts';
import { AdjustForm } from './adjust-form.tsx';
import styles from './stock.module.css';
import { StockHistory } from './stock-history.tsx';

/** The stock of one SKU, its history, and a form to adjust it. */
export function StockPage() {
  const { id = '', sku = '' } = useParams();
  const product = useQuery(productQuery(id));
  const history = useInfiniteQuery(historyQuery(sku));
  const variant = product.data?.variants.find((one) => one.sku === sku);
  const isMissing = hasCode(history.error, 'not_found') || hasCode(history.error, 'forbidden');
  return (
    <>
      <PageHeading
        title={`Stock of ${sku}`}
        lead={
          product.data && (
            <>
              <Link href={`/sell/products/${id}`}>{product.data.title}</Link>
              {variant?.title && `, ${variant.title}`}
            </>
          )
        }
      />
      {isMissing ? (
        <EmptyState title="SKU not found" action={<LinkButton href="/sell/products">Your products</LinkButton>} />
      ) : (
        <Stack>
          <Figures sku={sku} />
          <Columns side={<SidePanels sku={sku} />}>
            <Panel title="History" lead="All changes of the stock on hand, newest first.">
              <QueryBoundary query={history} what="The history" height="20rem">
                {({ pages }) => (
                  <StockHistory changes={pages.flatMap((page) => page.items)} seller={product.data?.sellerId}>
                    <LoadMore query={history} />
                  </StockHistory>
                )}
              </QueryBoundary>
            </Panel>
          </Columns>
        </Stack>
      )}
    </>
  );
}

function Figures({ sku }: { sku: string }) {
  const stock = useQuery(stockQuery(sku));
  const toneOf = (available: number) => (available === 0 ? 'bad' : available <= LOW_STOCK ? 'warn' : 'plain');
  return (
    <QueryBoundary query={stock} what="The stock" height="6rem">
      {({ onHand, reserved, available }) => (
        <Stats label="Stock">
          <Stat label="Available" value={available} tone={toneOf(available)}>
            can be ordered
          </Stat>
          <Stat label="On hand" value={onHand}>
            in the warehouse
          </Stat>
          <Stat label="Reserved" value={reserved}>
            for orders not paid yet
          </Stat>
        </Stats>
      )}
    </QueryBoundary>
  );
}

function SidePanels({ sku }: { sku: string }) {
  const holds = useQuery(holdsQuery(sku));
  const canAdjust = useSellerMay()('catalogue:write');
  return (
    <>
      {canAdjust && (
        <Panel title="Adjust stock" lead="For deliveries, stocktakes and damage.">
          <AdjustForm sku={sku} />
        </Panel>
      )}
      <Panel title="Reservations">
        <QueryBoundary query={holds} what="The reservations" height="4rem">
          {({ items }) =>
            items.length === 0 ? (
              <p className={styles.soft}>No units are reserved.</p>
            ) : (
              <Table
                caption="Orders with reserved units"
                rows={items}
                keyOf={({ orderId }) => orderId}
                columns={[
                  { heading: 'Units', number: true, cell: ({ quantity }) => quantity },
                  {
                    heading: 'Order',
                    cell: ({ orderId }) => (
                      <Link href={`/sell/orders/${orderId}`}>
                        <OrderNumber id={orderId} />
                      </Link>
                    ),
                  },
                  { heading: 'Since', cell: ({ since }) => <Time at={since} show="second" /> },
                ]}
              />
            )
          }
        </QueryBoundary>
      </Panel>
    </>
  );
}
