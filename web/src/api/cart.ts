import {
  type QueryClient,
  queryOptions,
  useIsMutating,
  useMutation,
  useMutationState,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { createStoredStore } from '../design/store.ts';
import { toast } from '../design/toast.tsx';
import { type Cart, type CartChange, quantityAfter, rememberQuantity, withChange } from './cart-change.ts';
import { api, unwrap } from './client.ts';
import {
  currentCartId,
  detachCart,
  ensureCart,
  isGone,
  isOwn,
  isText,
  readCart,
  takeOverCart,
} from './current-cart.ts';
import { explain } from './problem.ts';

/** When a line last changed, in whichever tab: written so that the others hear of it. */
const changedAt = createStoredStore('tradepost.cart-changed', '', isText);

/** Calls back when another tab has changed the cart. */
export function onCartOfOtherTab(listener: () => void): () => void {
  const hear = ({ key }: StorageEvent) => {
    if (key === null || key.startsWith('tradepost.cart')) listener();
  };
  addEventListener('storage', hear);
  return () => removeEventListener('storage', hear);
}

export const cartQuery = queryOptions({
  queryKey: ['cart'],
  queryFn: async ({ signal }): Promise<Cart | null> => {
    if (!isOwn()) return takeOverCart();
    try {
      const cart = await readCart(currentCartId() ?? '', signal);
      if (!cart.orderId) return cart;
      detachCart({ id: cart.orderId });
    } catch (error) {
      // Too old, or moved into another one.
      if (!isGone(error)) throw error;
      detachCart(null);
      return takeOverCart();
    }
    return null;
  },
  staleTime: 0,
  // What the guest has put in is shown until it has been moved into the account's cart.
  meta: { part: 'orders', isKeptAtSignIn: true },
});

/**
 * The cart as the reader has made it: the cart that the shop last answered, with the changes that are still under way
 * applied to it. A fetch replaces the answered cart only, so it cannot hide a change that it did not see.
 */
export function useCart() {
  const query = useQuery(cartQuery);
  const changes = useMutationState({
    filters: { mutationKey, status: 'pending' },
    // as: only `useChangeLine` starts mutations with this key.
    select: (mutation) => mutation as { state: { variables: CartChange } },
  });
  const cart = changes.reduce<Cart | null>(
    (before, { state }) => withChange(before, state.variables),
    query.data ?? null,
  );
  const lines = cart?.lines ?? [];
  return { ...query, cart, lines, count: lines.reduce((sum, line) => sum + line.quantity, 0) };
}

const mutationKey = ['cart'];

/** Changes of the cart and its checkout run one after another, in the order in which the reader made them. */
export const cartScope = { id: 'cart' };

/** Whether a change of the cart is under way. */
export const useCartIsChanging = (): boolean => useIsMutating({ mutationKey }) > 0;

/** Changes one line of the cart. The change is shown at once; if the shop refuses it, it is taken back with a message. */
export function useChangeLine() {
  const client = useQueryClient();
  return useMutation({
    mutationKey,
    scope: cartScope,
    meta: { part: 'orders' },
    mutationFn: async (change: CartChange) => {
      const { sku } = change;
      const quantity = await resolveQuantity(client, change);
      const id = await ensureCart();
      return putLine(id, sku, quantity).catch(async (error) => {
        if (!isGone(error) || quantity === 0) throw error;
        detachCart(null);
        return putLine(await ensureCart(), sku, quantity);
      });
    },
    onSuccess: async (cart) => {
      changedAt.set(new Date().toISOString());
      await showCart(client, cart);
    },
    onError: (error) => {
      toast(explain(error));
      void client.invalidateQueries(cartQuery);
    },
  });
}

/** Shows a cart that the shop has just answered. A fetch that began before that answer would bring an older one. */
export async function showCart(client: QueryClient, cart: Cart | null): Promise<void> {
  await client.cancelQueries(cartQuery);
  client.setQueryData(cartQuery.queryKey, cart);
}

const putLine = (id: string, sku: string, quantity: number): Promise<Cart> =>
  unwrap(api.PUT('/api/v1/carts/{id}/lines/{sku}', { params: { path: { id, sku } }, body: { quantity } }));

/** An answered cart is taken as current for this long when units are added to one of its lines. */
const CURRENT_MS = 5_000;

/** The API sets quantities, so an addition has to know the present one: it is fetched where the page does not know it. */
async function resolveQuantity(client: QueryClient, change: CartChange): Promise<number> {
  if ('quantity' in change) return change.quantity;
  const cart = await client.fetchQuery({ ...cartQuery, staleTime: CURRENT_MS });
  const quantity = quantityAfter(
    cart?.lines.find(({ sku }) => sku === change.sku),
    change,
  );
  rememberQuantity(change, quantity);
  return quantity;
}
