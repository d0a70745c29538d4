import { type FormEvent, useRef, useState } from 'react';
import type { SavedAddress } from '../../api/addresses.ts';
import type { Cart } from '../../api/cart.ts';
import type { Order } from '../../api/orders.ts';
import { explain, fieldError } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { type Money, moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { type AddressErrors, addressFields, addressOf, checkAddress, type Draft } from '../addresses/address.ts';
import { CartLines } from '../cart/cart-lines.tsx';
import { agreedTotal, pricesOf } from './agreed-total.ts';
import styles from './checkout.module.css';
import { FIRST_TOKEN, PaymentChoice } from './payment-choice.tsx';
import { type ChosenAddress, ShippingAddressChoice } from './shipping-address-choice.tsx';
import { useKeepAddress } from './use-keep-address.ts';
import { totalOfProblem, usePlaceOrder } from './use-place-order.ts';

// Long: the markup of one form
export function CheckoutForm({
  cart,
  saved,
  address,
  onPlaced,
}: {
  cart: Cart;
  /** The addresses to choose from, the default first. */
  saved: readonly SavedAddress[];
  /** What the form begins with where none of them is chosen. */
  address: Draft;
  onPlaced: (order: Order) => void;
}) {
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
  const agree = (next: Money) => {
    setSeen(pricesOf(cart));
    send(next);
  };
  const refused = Object.fromEntries(
    addressFields.map((field) => [field, errors[field] ?? fieldError(placing.error, `/shippingAddress/${field}`)]),
  );
  return (
    <form className={styles.form} ref={form} onSubmit={submit} noValidate>
      <div className={styles.asked}>
        <ShippingAddressChoice
          saved={saved}
          chosen={chosen}
          onChoose={setChosen}
          written={{ draft, errors: refused, onChange: setDraft, kept: keeping.wanted, onKeep: keeping.want }}
        />
        <PaymentChoice token={token} onChange={setToken} />
      </div>
      <aside className={styles.summary} aria-label="Your order">
        <h2>Your order</h2>
        <CartLines lines={cart.lines} />
        <p className={styles.total}>
          <span>Total</span>
          <strong>{cart.total ? moneyText(cart.total) : 'cannot be ordered'}</strong>
        </p>
        {total && agreed ? (
          <PriceChanged before={agreed} now={total} busy={placing.isPending} onAgree={() => agree(total)} />
        ) : (
          <>
            <Button type="submit" kind="primary" wide busy={placing.isPending} disabled={!cart.total}>
              {placing.isPending
                ? 'Placing the order …'
                : cart.total
                  ? `Place the order for ${moneyText(cart.total)}`
                  : 'Place the order'}
            </Button>
            <Outcome error={placing.error} failures={placing.failureCount} busy={placing.isPending} />
          </>
        )}
      </aside>
    </form>
  );
}

function PriceChanged({
  before,
  now,
  busy,
  onAgree,
}: {
  before: Money;
  now: Money;
  busy: boolean;
  onAgree: () => void;
}) {
  return (
    <Notice tone="warn" title="A price has changed">
      <p className={styles.changed}>
        The total is {moneyText(now)} now; it was {moneyText(before)} when you last saw it. Nothing has been ordered.
      </p>
      <Button kind="primary" wide busy={busy} onClick={onAgree}>
        Order for {moneyText(now)}
      </Button>
    </Notice>
  );
}

function Outcome({ error, failures, busy }: { error: unknown; failures: number; busy: boolean }) {
  if (busy && failures > 0) {
    return <Notice tone="info">No answer yet. It is being asked again; it stays one order, however often.</Notice>;
  }
  if (!error) return null;
  return (
    <Notice tone="bad" title="The order was not placed">
      {explain(error)}
    </Notice>
  );
}
