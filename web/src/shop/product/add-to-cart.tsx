import { useState } from 'react';
import { useCart, useChangeLine } from '../../api/cart.ts';
import type { Product, Variant } from '../../api/catalogue.ts';
import { Button } from '../../design/button.tsx';
import { openCart } from '../cart/drawer-state.ts';
import { Quantity } from '../cart/quantity.tsx';
import styles from './product-page.module.css';

/** Puts some more of a variant into the cart, and shows it there. */
export function AddToCart({ product, variant }: { product: Product; variant: Variant }) {
  const [quantity, setQuantity] = useState(1);
  const { lines } = useCart();
  const changeLine = useChangeLine();
  const inCart = lines.find(({ sku }) => sku === variant.sku)?.quantity ?? 0;
  const left = variant.available - inCart;
  const add = () => {
    const title = variant.title ? `${product.title}, ${variant.title}` : product.title;
    const { sku, price: unitPrice } = variant;
    changeLine.mutate({ sku, add: quantity, title, unitPrice, productId: product.id });
    setQuantity(1);
    openCart();
  };
  if (variant.available === 0) return null;
  return (
    <div className={styles.add}>
      <Quantity
        label="Quantity"
        value={Math.min(quantity, Math.max(left, 1))}
        most={Math.max(left, 1)}
        onChange={setQuantity}
      />
      {/* Not `disabled`: the focus comes back to it from the cart. */}
      <Button kind="primary" wide aria-disabled={left < 1} onClick={left < 1 ? undefined : add}>
        {left < 1 ? 'All of it is in your cart' : 'Add to cart'}
      </Button>
    </div>
  );
}
