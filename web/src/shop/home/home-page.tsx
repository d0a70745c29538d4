import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { type Listing, productsQuery } from '../../api/catalogue.ts';
import { explain } from '../../api/problem.ts';
import { LinkButton } from '../../design/button.tsx';
import { Page, useDocumentTitle } from '../../design/page.tsx';
import { ErrorState } from '../../design/page-states.tsx';
import { CatalogueNotice } from '../catalogue-notice.tsx';
import { CategoryBar } from '../category-bar.tsx';
import { ProductGrid, ProductGridSkeleton } from '../product-card.tsx';
import styles from './home-page.module.css';
import { PLACES, ShopWindow } from './shop-window.tsx';

const SHOWN = 8;
const featured: Listing = { featured: true, limit: PLACES + SHOWN };
const newest: Listing = { limit: SHOWN };

export function HomePage() {
  useDocumentTitle(undefined);
  const chosen = useInfiniteQuery(productsQuery(featured));
  return (
    <>
      <CategoryBar />
      <div className={styles.hero}>
        <div className={styles.heroInner}>
          <div className={styles.words}>
            <h1 className={styles.title}>Things worth keeping</h1>
            <p className={styles.lead}>
              Pottery, lamps, paper and wool from small workshops. Made to be used every day, and mended when it comes
              to that.
            </p>
            <div className={styles.actions}>
              <LinkButton kind="primary" href="/categories/gifts">
                Find a gift
              </LinkButton>
              <LinkButton href="/search">Search everything</LinkButton>
            </div>
          </div>
          <ShopWindow products={chosen.data?.pages[0]?.items ?? []} />
        </div>
      </div>
      <Page>
        <CatalogueNotice shown={chosen.isError && chosen.data !== undefined} />
        <Shelf title="Featured" listing={featured} skip={PLACES} />
        <section className={styles.promise}>
          <h2>Watch it happen</h2>
          <p>
            An order has a page of its own that shows each step as it is taken: placed, stock held, paid, confirmed. One
            that was accepted is never lost and never made twice, however often the button is pressed.
          </p>
        </section>
        <Shelf title="New" listing={newest} more="/search?sort=newest" />
      </Page>
    </>
  );
}

/** A row of products with a heading; it is left out where there are none. */
function Shelf({
  title,
  listing,
  skip = 0,
  more,
}: {
  title: string;
  listing: Listing;
  /** The first ones are shown elsewhere. */
  skip?: number;
  more?: string;
}) {
  const { data, isPending, error, refetch } = useInfiniteQuery(productsQuery(listing));
  const products = data?.pages[0]?.items.slice(skip) ?? [];
  if (!isPending && !error && products.length === 0) return null;
  return (
    <section className={styles.shelf} aria-label={title}>
      <div className={styles.shelfHead}>
        <h2>{title}</h2>
        {more && <Link href={more}>See all</Link>}
      </div>
      {isPending && <ProductGridSkeleton count={SHOWN} />}
      {products.length > 0 && <ProductGrid products={products} />}
      {error && products.length === 0 && (
        <ErrorState title="The shelf is empty for the moment" onRetry={refetch}>
          {explain(error)}
        </ErrorState>
      )}
    </section>
  );
}
