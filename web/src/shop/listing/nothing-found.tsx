import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, useSearchParams } from 'wouter';
import { navigationQuery, productsQuery } from '../../api/catalogue.ts';
import { categoryName } from '../../api/category-name.ts';
import { Button, LinkButton } from '../../design/button.tsx';
import { EmptyState } from '../../design/page-states.tsx';
import { ProductGrid } from '../product-card.tsx';
import { filterNames, withoutFilters } from './listing-params.ts';
import { OtherWords } from './other-words.tsx';
import styles from './product-list.module.css';

const SUGGESTED = 3;

/** In the place of a list that is empty: what to do about it, and ways on. */
export function NothingFound({ q = '', category }: { q?: string; category?: string }) {
  const [params, setParams] = useSearchParams();
  const filters = filterNames(params);
  const clear = () => setParams(withoutFilters(params));
  const what = category ? ` in ${categoryName(category)}` : q && ` for “${q}”`;
  return (
    <>
      <EmptyState
        title={`Nothing found${what}`}
        action={
          filters.length > 0 ? (
            <Button kind="primary" onClick={clear}>
              Clear the filters
            </Button>
          ) : (
            <LinkButton href="/search">See everything</LinkButton>
          )
        }
      >
        {filters.length > 0
          ? `Nothing fits all of this: ${filters.join(', ')}.`
          : 'Try another word for it, or look through what we have:'}
      </EmptyState>
      <Categories except={category} />
      {q && filters.length > 0 ? <WithoutFilters q={q} /> : <Featured />}
    </>
  );
}

function Categories({ except }: { except: string | undefined }) {
  const { data } = useQuery(navigationQuery());
  const others = data?.items.filter(({ slug }) => slug !== except) ?? [];
  if (others.length === 0) return null;
  return (
    <nav aria-label="Other categories">
      <ul className={styles.ways}>
        {others.map(({ slug }) => (
          <li key={slug}>
            <Link href={`/categories/${slug}`}>{categoryName(slug)}</Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** What the same search finds without the filters, which may be found by corrected words only. */
function WithoutFilters({ q }: { q: string }) {
  const { data, isPending } = useInfiniteQuery(productsQuery({ q: q.slice(0, 200), facets: true, limit: SUGGESTED }));
  const page = data?.pages[0];
  if (isPending) return null;
  if (!page || page.items.length === 0) return <Featured />;
  return (
    <section className={styles.suggestions} aria-labelledby="without-filters">
      <h2 id="without-filters">Without the filters</h2>
      <OtherWords q={q} page={page} />
      <ProductGrid products={page.items} />
    </section>
  );
}

function Featured() {
  const { data } = useInfiniteQuery(productsQuery({ featured: true, limit: SUGGESTED }));
  const products = data?.pages[0]?.items ?? [];
  if (products.length === 0) return null;
  return (
    <section className={styles.suggestions} aria-label="Featured">
      <h2>Or one of these</h2>
      <ProductGrid products={products} />
    </section>
  );
}
