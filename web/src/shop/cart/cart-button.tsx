import { lazy, Suspense, useEffect } from 'react';
import { useLocation } from 'wouter';
import { useCart } from '../../api/cart.ts';
import { Button } from '../../design/button.tsx';
import { ErrorBoundary } from '../../design/error-boundary.tsx';
import { BasketIcon } from '../../design/icons.tsx';
import { loadCode } from '../../design/load-code.ts';
import styles from './cart.module.css';
import { closeCart, openCart, useCartIsOpen } from './drawer-state.ts';

const load = () => import('./cart-drawer.tsx');
// Without it the drawer loads when it is opened.
const preload = () => void load().catch(() => undefined);
const CartDrawer = lazy(async () => ({ default: (await loadCode(load)).CartDrawer }));
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
        onPointerEnter={preload}
        onFocus={preload}
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
        <ErrorBoundary fallback={<ToCartPage />}>
          <Suspense>
            <CartDrawer />
          </Suspense>
        </ErrorBoundary>
      )}
    </>
  );
}

/** Where the code of the drawer does not come, the cart is shown by its page. */
function ToCartPage() {
  const open = useCartIsOpen();
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!open) return;
    closeCart();
    navigate('/cart');
  }, [open, navigate]);
  return null;
}
