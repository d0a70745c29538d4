import { Link } from 'wouter';
import { categoryName } from '../../api/category-name.ts';
import { Button } from '../../design/button.tsx';
import { pluralize } from '../number-format.ts';
import styles from './categories.module.css';
import type { Category } from './navigation.ts';

const productsText = (count: number | undefined): string =>
  count === undefined ? 'no products, not shown' : pluralize(count, 'product');

/** The categories in the navigation, which the operator can move and remove. */
export function NavigationList({
  slugs,
  products,
  busy,
  edit,
}: {
  slugs: readonly string[];
  products: ReadonlyMap<string, number>;
  busy: boolean;
  /** Missing for who may not change it. */
  edit: { onMove: (from: number, to: number) => void; onRemove: (slug: string) => void } | undefined;
}) {
  if (slugs.length === 0) return <p className={styles.empty}>No category is in the navigation.</p>;
  return (
    <ol className={styles.list}>
      {slugs.map((slug, index) => {
        const name = categoryName(slug);
        return (
          <li key={slug} className={styles.item}>
            <CategoryLink slug={slug} note={productsText(products.get(slug))} />
            {edit && (
              <span className={styles.actions}>
                <Button
                  kind="quiet"
                  busy={busy}
                  aria-label={`Move ${name} up`}
                  aria-disabled={index === 0 || undefined}
                  onClick={() => index > 0 && edit.onMove(index, index - 1)}
                >
                  Up
                </Button>
                <Button
                  kind="quiet"
                  busy={busy}
                  aria-label={`Move ${name} down`}
                  aria-disabled={index === slugs.length - 1 || undefined}
                  onClick={() => index < slugs.length - 1 && edit.onMove(index, index + 1)}
                >
                  Down
                </Button>
                <Button kind="quiet" busy={busy} aria-label={`Remove ${name}`} onClick={() => edit.onRemove(slug)}>
                  Remove
                </Button>
              </span>
            )}
          </li>
        );
      })}
    </ol>
  );
}

/** The categories that can be added to the navigation. */
export function OtherCategories({
  categories,
  busy,
  onAdd,
}: {
  categories: readonly Category[];
  busy: boolean;
  /** Missing for who may not change the navigation. */
  onAdd: ((slug: string) => void) | undefined;
}) {
  if (categories.length === 0) return <p className={styles.empty}>All categories are in the navigation.</p>;
  return (
    <ul className={styles.list}>
      {categories.map(({ slug, products }) => (
        <li key={slug} className={styles.item}>
          <CategoryLink slug={slug} note={productsText(products)} />
          {onAdd && (
            <Button kind="quiet" busy={busy} aria-label={`Add ${categoryName(slug)}`} onClick={() => onAdd(slug)}>
              Add
            </Button>
          )}
        </li>
      ))}
    </ul>
  );
}

const CategoryLink = ({ slug, note }: { slug: string; note: string }) => (
  <span className={styles.what}>
    <Link href={`/categories/${slug}`}>{categoryName(slug)}</Link>
    <span className={styles.soft}>{note}</span>
  </span>
);
