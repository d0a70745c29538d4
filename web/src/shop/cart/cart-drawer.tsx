import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { Drawer } from '../../design/dialog.tsx';
import { CartContent } from './cart-content.tsx';
import { closeCart, openCart, useCartIsOpen } from './drawer-state.ts';

/** The cart beside the page. It closes when one goes on to another. */
export function CartDrawer() {
  const open = useCartIsOpen();
  const [path] = useLocation();
  const openedAt = useRef(path);
  useEffect(() => {
    if (openedAt.current !== path) closeCart();
    openedAt.current = path;
  }, [path]);
  return (
    <Drawer title="Your cart" open={open} onOpenChange={(next) => (next ? openCart() : closeCart())}>
      <CartContent />
    </Drawer>
  );
}
