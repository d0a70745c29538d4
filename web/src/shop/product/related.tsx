import { useInfiniteQuery } from '@tanstack/react-query';
import { productsQuery } from '../../api/catalogue.ts';
import { ProductGrid } from '../product-card.tsx';
import styles from './product-page.module.css';

const SHOWN = 4;

/** Others of the same category. There is no word about it when they do not come. */
export function Related({ category, except }: { category: string; except: string }) {
  const { data } = useInfiniteQuery(productsQuery({ category, inStock: true, limit: SHOWN + 1 }));
  const others = (data?.pages[0]?.items ?? []).filter(({ id }) => id !== except).slice(0, SHOWN);
  if (others.length === 0) return null;
  return (
    <section className={styles.related} aria-label="Related products">
      <h2>Goes well with it</h2>
      <ProductGrid products={others} />
    </section>
  );
}
