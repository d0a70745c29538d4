import { lazy, Suspense } from 'react';
import { useCart } from '../../api/cart.ts';
import { Button } from '../../design/button.tsx';
import { BasketIcon } from '../../design/icons.tsx';
import styles from './cart.module.css';
import { openCart, useCartIsOpen } from './drawer-state.ts';

const load = () => import('./cart-drawer.tsx');
const CartDrawer = lazy(() => load().then((module) => ({ default: module.CartDrawer })));
let asked = false;

/** Opens the cart, beside the page. Its code comes when it is wanted, or about to be. */
export function CartButton() {
  const { count } = useCart();
  const open = useCartIsOpen();
  asked ||= open;
  const label = count === 1 ? 'Cart, 1 item' : `Cart, ${count} items`;
  return (
    <>
      <Button
        kind="icon"
        aria-label={label}
        aria-haspopup="dialog"
        onClick={openCart}
        onPointerEnter={load}
        onFocus={load}
      >
        <span className={styles.basket}>
          <BasketIcon />
          {count > 0 && (
            <span className={styles.bubble} aria-hidden="true">
              {count > 99 ? '99+' : count}
            </span>
          )}
        </span>
      </Button>
      {asked && (
        <Suspense>
          <CartDrawer />
        </Suspense>
      )}
    </>
  );
}
