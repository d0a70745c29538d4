import { useQuery } from '@tanstack/react-query';
import { useParams, useSearchParams } from 'wouter';
import { addressLines } from '../../api/addresses.ts';
import { type Order, orderTitle } from '../../api/orders.ts';
import { hasCode } from '../../api/problem.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { AddressBlock } from '../../design/address-block.tsx';
import { Button, LinkButton } from '../../design/button.tsx';
import { SelectField } from '../../design/field.tsx';
import { dayText, Time } from '../../design/format.tsx';
import { MultilineText } from '../../design/multiline-text.tsx';
import { PageHeading, SHOP_NAME, useDocumentTitle } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Table } from '../../design/table.tsx';
import { type Sale, saleQuery } from '../sales-queries.ts';
import { unitsOf, unitsText } from './line-quantities.tsx';
import styles from './packing-slip.module.css';
import { unsentUnits } from './units.ts';

type Parcel = Sale['fulfilments'][number];
type SlipLine = { sku: string; title: string; quantity: number };

/** The sheet that goes into a parcel: what is in it and where it goes, without prices. `?parcel=` names one that was sent. */
export function PackingSlipPage() {
  const { id = '' } = useParams();
  const sale = useQuery(saleQuery(id));
  if (sale.data) return <PackingSlip {...sale.data} />;
  return (
    <>
      <PageHeading title="Packing slip" />
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

function PackingSlip({ order, fulfilments }: Sale) {
  const [params, setParams] = useSearchParams();
  useDocumentTitle(`Packing slip, ${orderTitle(order)}`);
  const open = unsentLines(order);
  const parcel =
    fulfilments.find(({ id }) => id === params.get('parcel')) ?? (open.length === 0 ? fulfilments.at(-1) : undefined);
  const lines = parcel ? parcelLines(order, parcel) : open;
  return (
    <>
      <div className={styles.controls}>
        <LinkButton href={`/sell/orders/${order.id}`}>Back to the order</LinkButton>
        {fulfilments.length > 0 && (
          <SelectField
            label="Contents"
            value={parcel?.id ?? ''}
            onChange={({ currentTarget: { value } }) => setParams(value ? { parcel: value } : {}, { replace: true })}
          >
            {open.length > 0 && <option value="">Units to send</option>}
            {fulfilments.map((one) => (
              <option key={one.id} value={one.id}>
                {parcelName(one)}
              </option>
            ))}
          </SelectField>
        )}
        {lines.length > 0 && (
          <Button kind="primary" onClick={() => print()}>
            Print
          </Button>
        )}
      </div>
      {lines.length > 0 ? (
        <Sheet order={order} parcel={parcel} lines={lines} />
      ) : (
        <EmptyState title="No units to send">The order has no units to send and no parcels.</EmptyState>
      )}
    </>
  );
}

function Sheet({ order, parcel, lines }: { order: Order; parcel: Parcel | undefined; lines: readonly SlipLine[] }) {
  return (
    <article className={styles.sheet} aria-labelledby="packing-slip">
      <header className={styles.head}>
        <div>
          <h1 id="packing-slip">Packing slip</h1>
          <p className={styles.soft}>{SHOP_NAME}</p>
        </div>
        <dl className={styles.facts}>
          <Fact name="Order">{order.number}</Fact>
          <Fact name="Ordered">
            <Time at={order.createdAt} show="day" />
          </Fact>
          {parcel && (
            <Fact name="Sent">
              <Time at={parcel.createdAt} show="day" />
            </Fact>
          )}
          {parcel?.carrier && <Fact name="Carrier">{parcel.carrier}</Fact>}
          {parcel?.trackingNumber && <Fact name="Tracking number">{parcel.trackingNumber}</Fact>}
        </dl>
      </header>
      <section>
        <h2 className={styles.label}>Ship to</h2>
        <AddressBlock lines={addressLines(order.shippingAddress)} className={styles.address} />
      </section>
      <Table
        caption="Contents of the parcel"
        rows={lines}
        keyOf={({ sku }) => sku}
        columns={[
          { heading: 'Units', number: true, cell: ({ quantity }) => quantity },
          { heading: 'Product', cell: ({ title }) => <bdi>{title}</bdi> },
          { heading: 'SKU', cell: ({ sku }) => <code>{sku}</code> },
        ]}
      />
      <p className={styles.total}>{unitsText(unitsOf(lines))} in this parcel</p>
      {order.giftNote !== undefined && (
        <section>
          <h2 className={styles.label}>A note for you</h2>
          <MultilineText text={order.giftNote} className={styles.address} />
        </section>
      )}
    </article>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const unsentLines = (order: Order): SlipLine[] =>
  order.lines
    .map((line) => ({ sku: line.sku, title: line.title, quantity: unsentUnits(order, line) }))
    .filter(({ quantity }) => quantity > 0);

const parcelLines = (order: Order, parcel: Parcel): SlipLine[] =>
  parcel.lines.map(({ sku, quantity }) => {
    const line = order.lines.find((one) => one.sku === sku);
    return { sku, quantity, title: line?.title ?? sku };
  });

const parcelName = ({ createdAt, carrier, trackingNumber }: Parcel): string =>
  [`Parcel of ${dayText(createdAt)}`, carrier, trackingNumber].filter(Boolean).join(', ');
