import { Link } from 'wouter';
import type { ListedProduct } from '../../api/catalogue.ts';
import { Picture } from '../picture.tsx';
import styles from './home-page.module.css';

/** Products in the window. */
export const PLACES = 3;

/** Three of the featured products, as a picture. Their place is kept while they are on their way. */
export function ShopWindow({ products }: { products: readonly ListedProduct[] }) {
  return (
    <div className={styles.window}>
      {Array.from({ length: PLACES }, (_, index) => products[index]).map((product, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: it is the place that is the same, whatever comes to stand in it.
        <div className={styles.pane} key={index}>
          {product && (
            <Link href={`/products/${product.slug}`} aria-label={product.title}>
              <Picture
                media={product.media[0] && { ...product.media[0], alt: '' }}
                title={product.title}
                size={420}
                eager
              />
            </Link>
          )}
        </div>
      ))}
    </div>
  );
}
