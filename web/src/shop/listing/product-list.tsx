import { useInfiniteQuery } from '@tanstack/react-query';
import { type MouseEvent, type ReactNode, useEffect, useEffectEvent, useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { type Listing, type ProductPage, productsQuery } from '../../api/catalogue.ts';
import { explain } from '../../api/problem.ts';
import buttonStyles from '../../design/button.module.css';
import { ErrorState } from '../../design/page-states.tsx';
import { CatalogueNotice } from '../catalogue-notice.tsx';
import { ProductGrid, ProductGridSkeleton } from '../product-card.tsx';
import { Filters } from './filters.tsx';
import { PAGE_SIZE, pagesOf } from './listing-params.ts';
import styles from './product-list.module.css';

/** Products seen without scrolling, on a telephone. */
const SEEN_AT_ONCE = 4;

/**
 * A list of products with its filters. It grows as one scrolls, and the address with it, so that coming back or following a
 * link shows as much again; without scrolling, or scripts that notice it, there is a link.
 */
export function ProductList({
  listing,
  empty,
  fixedCategory = false,
}: {
  listing: Listing;
  empty: ReactNode;
  fixedCategory?: boolean;
}) {
  const query = useInfiniteQuery({ ...productsQuery(listing), placeholderData: (before) => before });
  const { data, error, isPending, isPlaceholderData, refetch } = query;
  const pages = data?.pages ?? [];
  const products = pages.flatMap((page) => page.items);
  return (
    <div className={styles.layout}>
      <Filters facets={pages[0]?.facets} fixedCategory={fixedCategory} />
      <div className={styles.results}>
        <CatalogueNotice shown={error !== null && data !== undefined} />
        <p className={styles.count} role="status">
          {data && !isPlaceholderData && countText(pages, products.length)}
        </p>
        {isPending && <ProductGridSkeleton count={PAGE_SIZE} />}
        {error && !data && (
          <ErrorState title="The products cannot be shown" onRetry={refetch}>
            {explain(error)}
          </ErrorState>
        )}
        {/* A page without products may have a next one: then it is still being looked for. */}
        {data && products.length === 0 && (query.hasNextPage ? <ProductGridSkeleton count={SEEN_AT_ONCE} /> : empty)}
        <div className={isPlaceholderData ? styles.old : undefined}>
          <ProductGrid products={products} eager={SEEN_AT_ONCE} />
        </div>
        <More query={query} />
      </div>
    </div>
  );
}

function countText(pages: readonly ProductPage[], shown: number): string {
  if (shown === 0) return '';
  const more = pages.at(-1)?.nextCursor !== null;
  const total = pages[0]?.facets?.total;
  if (total && total.count > shown) return `${total.count.toLocaleString('en')}${total.isMore ? '+' : ''} products`;
  return `${shown}${more ? ' and more' : ''} ${shown === 1 ? 'product' : 'products'}`;
}

type ListQuery = Pick<
  ReturnType<typeof useInfiniteQuery>,
  'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage' | 'isError'
> & { data: { pages: readonly ProductPage[] } | undefined };

/** Loads the next page when its end comes near, and the pages that the address asks for. */
function More({ query }: { query: ListQuery }) {
  const [params, setParams] = useSearchParams();
  const wanted = pagesOf(params);
  const loaded = query.data?.pages.length ?? 0;
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = query;
  const end = useRef<HTMLAnchorElement>(null);
  const showMore = () => {
    const next = new URLSearchParams(params);
    next.set('page', String(loaded + 1));
    setParams(next, { replace: true });
  };
  useEffect(() => {
    if (loaded > 0 && loaded < wanted && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [loaded, wanted, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
  const onNear = useEffectEvent(showMore);
  useEffect(() => {
    const element = end.current;
    if (!element || !hasNextPage || isFetchingNextPage || isError) return;
    const near = new IntersectionObserver(([entry]) => entry?.isIntersecting && onNear(), { rootMargin: '400px' });
    near.observe(element);
    return () => near.disconnect();
  }, [hasNextPage, isFetchingNextPage, isError]);
  if (!hasNextPage) return null;
  const next = new URLSearchParams(params);
  next.set('page', String(loaded + 1));
  const click = (event: MouseEvent) => {
    event.preventDefault();
    if (isError) void fetchNextPage();
    else showMore();
  };
  return (
    <p className={styles.more}>
      <Link
        ref={end}
        href={`?${next}`}
        replace
        className={`${buttonStyles.button} ${buttonStyles.secondary}`}
        onClick={click}
      >
        {isFetchingNextPage ? 'Loading more …' : 'Show more'}
      </Link>
    </p>
  );
}
