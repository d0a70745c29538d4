import { useQueryClient } from '@tanstack/react-query';
import { cartQuery, useChangeLine } from '../../api/cart.ts';
import { reattachCart } from '../../api/current-cart.ts';
import type { Order } from '../../api/orders.ts';
import { openCart } from '../cart/drawer-state.ts';

/** Puts what an order holds into the cart, and opens it. */
export function useFillCart(order: Order): () => void {
  const client = useQueryClient();
  const changeLine = useChangeLine();
  return () => {
    reattachCart(order.id);
    void client.invalidateQueries(cartQuery);
    // The cart of an order that came to nothing opens again, so its lines may be there already.
    for (const { sku, quantity, title, unitPrice, productId } of order.lines) {
      changeLine.mutate({ sku, atLeast: quantity, title, unitPrice, productId });
    }
    openCart();
  };
}
