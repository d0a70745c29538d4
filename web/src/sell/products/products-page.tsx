import { useInfiniteQuery } from '@tanstack/react-query';
import { type FormEvent, useId } from 'react';
import { Link, useSearchParams } from 'wouter';
import { LoadMore } from '../../api/load-more.tsx';
import { useSellerMay } from '../../api/permissions.ts';
import { QueryBoundary } from '../../api/query-boundary.tsx';
import { type Account, useAccount } from '../../api/session.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { useFormSync } from '../../design/form-sync.ts';
import { moneyText, Time } from '../../design/format.tsx';
import { NoMatches } from '../../design/no-matches.tsx';
import { Badge } from '../../design/notice.tsx';
import { PageHeading } from '../../design/page.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { Segments } from '../../design/segments.tsx';
import { LOW_STOCK, type Product, productsQuery, type Status } from '../queries.ts';
import styles from './products.module.css';
import { Thumb } from './thumb.tsx';

const states = [
  { value: 'active', text: 'On sale' },
  { value: 'archived', text: 'Off sale' },
] as const;

/** The seller's own products, on sale and off sale. The search is in the page's URL. */
export function ProductsPage() {
  const account = useAccount();
  const canEdit = useSellerMay()('catalogue:write');
  const [params, setParams] = useSearchParams();
  const status: Status = params.get('state') === 'archived' ? 'archived' : 'active';
  const q = params.get('q') ?? '';
  const show = (next: { q: string; status: Status }) =>
    setParams({ ...(next.q && { q: next.q }), ...(next.status === 'archived' && { state: next.status }) });
  return (
    <>
      <PageHeading
        title="Products"
        actions={
          canEdit && (
            <LinkButton kind="primary" href="/sell/products/new">
              New product
            </LinkButton>
          )
        }
      />
      <div className={styles.filters}>
        <Segments label="Status" value={status} options={states} onChange={(next) => show({ q, status: next })} />
        <Search q={q} onSearch={(next) => show({ q: next, status })} />
      </div>
      {account && <ProductList account={account} status={status} q={q} />}
    </>
  );
}

function Search({ q, onSearch }: { q: string; onSearch: (q: string) => void }) {
  const id = useId();
  const form = useFormSync({ q });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSearch(String(new FormData(event.currentTarget).get('q')).trim());
  };
  return (
    <search>
      <form className={styles.search} onSubmit={submit} ref={form}>
        <label className="visually-hidden" htmlFor={id}>
          Search your products
        </label>
        <input
          id={id}
          className={styles.searchInput}
          type="search"
          name="q"
          placeholder="Title, SKU, category"
          maxLength={200}
        />
        <Button type="submit">Search</Button>
      </form>
    </search>
  );
}

function ProductList({ account, status, q }: { account: Account; status: Status; q: string }) {
  const products = useInfiniteQuery(productsQuery(account, { status, q }));
  return (
    <QueryBoundary query={products} what="Your products" height="24rem">
      {({ pages }) => {
        const items = pages.flatMap((page) => page.items);
        if (items.length === 0) return <NoProducts status={status} q={q} />;
        return (
          <>
            <ul className={styles.list}>
              {items.map((product) => (
                <ProductRow key={product.id} product={product} />
              ))}
            </ul>
            {products.hasNextPage && (
              <div className={styles.more}>
                <LoadMore query={products} />
              </div>
            )}
          </>
        );
      }}
    </QueryBoundary>
  );
}

function NoProducts({ status, q }: { status: Status; q: string }) {
  const canEdit = useSellerMay()('catalogue:write');
  if (q) return <NoMatches title={`No products ${status === 'archived' ? 'off sale ' : ''}match “${q}”`} />;
  if (status === 'archived')
    return <NoMatches title="No products off sale">Products that you take off sale are kept here.</NoMatches>;
  return (
    <EmptyState
      title="No products yet"
      action={
        canEdit && (
          <LinkButton kind="primary" href="/sell/products/new">
            New product
          </LinkButton>
        )
      }
    />
  );
}

type ProductListItem = Omit<Product, 'description'>;

function ProductRow({ product }: { product: ProductListItem }) {
  const { id, title, media, minPrice, maxPrice, variants, updatedAt } = product;
  const price =
    minPrice.amount === maxPrice.amount ? moneyText(minPrice) : `${moneyText(minPrice)} – ${moneyText(maxPrice)}`;
  return (
    <li className={styles.row}>
      <Thumb url={media[0]?.url} instead={title.charAt(0)} />
      <div className={styles.what}>
        <Link href={`/sell/products/${id}`} className={styles.title}>
          {title}
        </Link>
        <span className={styles.soft}>
          {variants.length === 1 ? <code>{variants[0]?.sku}</code> : `${variants.length} variants`} · changed{' '}
          <Time at={updatedAt} show="day" />
        </span>
      </div>
      <span className={styles.price}>{price}</span>
      <StockBadge variants={variants} />
    </li>
  );
}

/** The stock of all variants on sale; it warns when one of them is sold out. */
function StockBadge({ variants }: Pick<ProductListItem, 'variants'>) {
  const onSale = variants.filter(({ status }) => status === 'active');
  const all = onSale.reduce((sum, { available }) => sum + available, 0);
  const soldOut = onSale.filter(({ available }) => available === 0).length;
  if (all === 0) return <Badge tone="bad">sold out</Badge>;
  if (soldOut > 0) return <Badge tone="warn">{soldOut === 1 ? 'one variant' : `${soldOut} variants`} sold out</Badge>;
  return <Badge tone={all <= LOW_STOCK ? 'warn' : 'good'}>{all} available</Badge>;
}
