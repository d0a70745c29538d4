import { useState } from 'react';
import type { Product } from '../../api/catalogue.ts';
import { Picture } from '../picture.tsx';
import styles from './product-page.module.css';

/** The pictures of a product; `first` is shown until another is chosen. */
export function Gallery({ product, first }: { product: Product; first: number }) {
  const [chosen, setChosen] = useState<number>();
  const shown = chosen ?? first;
  return (
    <div className={styles.gallery}>
      <Picture media={product.media[shown]} title={product.title} size={640} eager />
      {product.media.length > 1 && (
        <ul className={styles.thumbnails}>
          {product.media.map((media, index) => (
            <li key={media.url}>
              <button
                type="button"
                className={styles.thumbnail}
                aria-label={`Show picture ${index + 1}: ${media.alt}`}
                aria-pressed={index === shown}
                onClick={() => setChosen(index)}
              >
                <Picture media={{ url: media.url, alt: '' }} title={product.title} size={72} />
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
