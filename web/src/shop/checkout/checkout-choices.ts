import { useSyncExternalStore } from 'react';
import { createStoredStore } from '../../design/store.ts';

/** What the shopper has chosen for a cart, beside address and payment. */
export type CheckoutChoices = {
  /** Undefined: whichever is the cheapest. */
  shippingMethod?: string | undefined;
  couponCodes: readonly string[];
};

type StoredChoices = CheckoutChoices & { cartId: string };

/** Kept in the browser, so that a reload of the page does not undo them. The next cart begins without any. */
const stored = createStoredStore<StoredChoices | null>('tradepost.checkout', null, readChoices);

const none: CheckoutChoices = { couponCodes: [] };

/** The choices for a cart, and what changes them. */
export function useCheckoutChoices(cartId: string): [CheckoutChoices, (changes: Partial<CheckoutChoices>) => void] {
  const all = useSyncExternalStore(stored.subscribe, stored.get);
  const choices = all?.cartId === cartId ? all : none;
  const change = (changes: Partial<CheckoutChoices>) => stored.set({ ...choices, ...changes, cartId });
  return [choices, change];
}

/** Forgets the choices for a cart that has become an order. */
export const forgetCheckoutChoices = (): void => stored.set(null);

function readChoices(value: unknown): StoredChoices | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { cartId, shippingMethod, couponCodes } = value as Partial<Record<keyof StoredChoices, unknown>>;
  if (typeof cartId !== 'string' || !Array.isArray(couponCodes)) return undefined;
  return {
    cartId,
    couponCodes: couponCodes.filter((code) => typeof code === 'string'),
    ...(typeof shippingMethod === 'string' && { shippingMethod }),
  };
}
