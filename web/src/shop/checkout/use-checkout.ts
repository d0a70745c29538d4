import { type FormEvent, useRef, useState } from 'react';
import type { SavedAddress } from '../../api/addresses.ts';
import type { Cart } from '../../api/cart-change.ts';
import type { Order } from '../../api/orders.ts';
import { fieldError } from '../../api/problem.ts';
import type { Money } from '../../design/format.tsx';
import { type AddressErrors, addressFields, addressOf, checkAddress, type Draft } from '../addresses/address.ts';
import { agreedTotal, pricesOf } from './agreed-total.ts';
import { FIRST_TOKEN } from './payment-choice.tsx';
import type { ChosenAddress } from './shipping-address-choice.tsx';
import { useKeepAddress } from './use-keep-address.ts';
import { totalOfProblem, usePlaceOrder } from './use-place-order.ts';

export type CheckoutProps = {
  cart: Cart;
  /** The addresses to choose from, the default first. */
  saved: readonly SavedAddress[];
  /** What the form begins with where none of them is chosen. */
  address: Draft;
  onPlaced: (order: Order) => void;
};

/** The state of the checkout: address, payment, the prices that the shopper has agreed to, and the order that is placed. */
export function useCheckout({ cart, saved, address, onPlaced }: CheckoutProps) {
  const [chosen, setChosen] = useState<ChosenAddress>(saved[0]);
  const [draft, setDraft] = useState(address);
  const keeping = useKeepAddress();
  const [token, setToken] = useState<string>(FIRST_TOKEN);
  const [errors, setErrors] = useState<AddressErrors>({});
  // What the shopper has seen: it changes only by their seeing another.
  const [seen, setSeen] = useState(() => pricesOf(cart));
  const agreed = agreedTotal(cart, seen);
  const form = useRef<HTMLFormElement>(null);
  const placing = usePlaceOrder(cart, (order) => {
    if (!chosen) keeping.keep(order.shippingAddress);
    onPlaced(order);
  });
  const moved = agreed && cart.total && cart.total.amount !== agreed.amount ? cart.total : undefined;
  const total = totalOfProblem(placing.error) ?? moved;

  const send = (expectedTotal: Money | null) => {
    const found: AddressErrors = chosen ? {} : checkAddress(draft);
    setErrors(found);
    const first = addressFields.find((field) => found[field]);
    const shippingAddress = chosen?.address ?? addressOf(draft);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
    else if (expectedTotal) placing.mutate({ cartId: cart.id, shippingAddress, token, expectedTotal });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!placing.isPending) send(agreed);
  };
  const onAgree = () => {
    setSeen(pricesOf(cart));
    send(total ?? null);
  };
  const refused = Object.fromEntries(
    addressFields.map((field) => [field, errors[field] ?? fieldError(placing.error, `/shippingAddress/${field}`)]),
  );
  return {
    form,
    submit,
    placing,
    addressChoice: {
      ...{ saved, chosen, onChoose: setChosen },
      written: { draft, errors: refused, onChange: setDraft, kept: keeping.wanted, onKeep: keeping.want },
    },
    paymentChoice: { token, onChange: setToken },
    /** There where the total is not the one that the shopper has agreed to. */
    priceChange: total && agreed ? { before: agreed, now: total, onAgree } : undefined,
  };
}
