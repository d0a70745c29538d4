import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { useChangeLine } from '../../api/cart.ts';
import { type CartLine, MOST_OF_ONE } from '../../api/cart-change.ts';
import { productQuery } from '../../api/catalogue.ts';
import { Button } from '../../design/button.tsx';
import { moneyText } from '../../design/format.tsx';
import { Badge } from '../../design/notice.tsx';
import { Picture } from '../picture.tsx';
import { pictureOf } from '../product/choices.ts';
import styles from './cart.module.css';
import { Quantity } from './quantity.tsx';

/** The lines of the cart, each to be changed in place. */
export function CartLines({ lines }: { lines: readonly CartLine[] }) {
  return (
    <ul className={styles.lines}>
      {lines.map((line) => (
        <li key={line.sku} className={styles.line}>
          <Line line={line} />
        </li>
      ))}
    </ul>
  );
}

function Line({ line }: { line: CartLine }) {
  const changeLine = useChangeLine();
  const { product, variant } = useProductOf(line);
  const { sku, quantity, unitPrice, total, forSale, offSaleReason } = line;
  const title = line.title ?? sku;
  const set = (next: number) => changeLine.mutate({ sku, quantity: next });
  const shown = product?.media[pictureOf(product, variant)];
  return (
    <>
      <div className={styles.picture}>
        <Picture media={shown && { ...shown, alt: '' }} title={title} size={88} />
      </div>
      <div className={styles.what}>
        {product ? (
          <Link href={`/products/${product.slug}?variant=${encodeURIComponent(sku)}`}>
            <bdi>{title}</bdi>
          </Link>
        ) : (
          <span dir="auto">{title}</span>
        )}
        {unitPrice && <span className={styles.small}>{moneyText(unitPrice)} each</span>}
        {!forSale && (
          <Badge tone="bad">{offSaleReason ? 'Its seller does not sell at the moment' : 'No longer for sale'}</Badge>
        )}
        {forSale && variant && <Shortage available={variant.available} quantity={quantity} />}
      </div>
      <div className={styles.howMany}>
        <Quantity
          label={`Quantity of ${title}`}
          value={quantity}
          most={variant ? Math.max(variant.available, 1) : MOST_OF_ONE}
          onChange={set}
        />
        {total && <span className={styles.lineTotal}>{moneyText(total)}</span>}
        <Button kind="quiet" aria-label={`Remove ${title}`} onClick={() => set(0)}>
          Remove
        </Button>
      </div>
    </>
  );
}

function Shortage({ available, quantity }: { available: number; quantity: number }) {
  if (available >= quantity) return null;
  return <Badge tone="bad">{available === 0 ? 'Sold out meanwhile' : `Only ${available} left`}</Badge>;
}

/** What the catalogue says of a line now; nothing while it is unavailable. */
export function useProductOf({ productId, sku }: Pick<CartLine, 'productId' | 'sku'>) {
  const { data: product } = useQuery({
    ...productQuery(productId ?? ''),
    enabled: productId !== undefined,
    // What is left of it is what matters here.
    staleTime: 2_000,
  });
  return { product, variant: product?.variants.find((one) => one.sku === sku) };
}
