import { Link } from 'wouter';
import type { ListedProduct } from '../api/catalogue.ts';
import { moneyText } from '../design/format.tsx';
import { Badge } from '../design/notice.tsx';
import { Loading, Skeleton } from '../design/page-states.tsx';
import { Picture } from './picture.tsx';
import styles from './product-card.module.css';

/** Cards of products. `eager` of them are seen at once. */
export function ProductGrid({ products, eager = 0 }: { products: readonly ListedProduct[]; eager?: number }) {
  return (
    <ul className={styles.grid}>
      {products.map((product, index) => (
        <li key={product.id}>
          <ProductCard product={product} eager={index < eager} />
        </li>
      ))}
    </ul>
  );
}

/** The grid while it is on its way. */
export function ProductGridSkeleton({ count }: { count: number }) {
  return (
    <Loading label="Loading products">
      <div className={styles.grid}>
        {Array.from({ length: count }, (_, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike, and none of them is anything yet.
          <div className={styles.card} key={index}>
            <div className={styles.picturePlace}>
              <Skeleton height="100%" />
            </div>
            <div className={styles.words}>
              <Skeleton width="80%" />
              <Skeleton width="30%" />
            </div>
          </div>
        ))}
      </div>
    </Loading>
  );
}

function ProductCard({ product, eager }: { product: ListedProduct; eager: boolean }) {
  const { slug, title, media, minPrice, maxPrice, inStock, variants } = product;
  const colours = new Set(variants.map(({ attributes }) => attributes.colour).filter(Boolean)).size;
  return (
    <Link href={`/products/${slug}`} className={styles.card}>
      <div className={styles.picturePlace}>
        {/* The title says what it is; twice would be once too often. */}
        <Picture media={media[0] && { ...media[0], alt: '' }} title={title} size={360} eager={eager} />
        {!inStock && (
          <span className={styles.badge}>
            <Badge>Sold out</Badge>
          </span>
        )}
      </div>
      <div className={styles.words}>
        <span className={styles.title} dir="auto">
          {title}
        </span>
        <span className={styles.more}>
          <span className={styles.price}>
            {minPrice.amount < maxPrice.amount && 'from '}
            {moneyText(minPrice)}
          </span>
          {colours > 1 && <span>{colours} colours</span>}
        </span>
      </div>
    </Link>
  );
}
