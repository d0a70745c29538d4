import type { FormEvent } from 'react';
import type { Order, OrderRef } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { PaymentChoice } from './payment-choice.tsx';
import styles from './payments.module.css';
import { usePaymentChoice } from './use-payment-choice.ts';
import { useBackToCart, usePayOrder } from './use-payments.ts';

type OpenedOrder = { order: Order; token: OrderRef['token'] };

/** Pays an order by another means, or gives it up and goes back to the cart. */
export function PayAgain({ order, token }: OpenedOrder) {
  const choice = usePaymentChoice();
  const { chosen } = choice;
  const paying = usePayOrder({ id: order.id, token });
  const leaving = useBackToCart(order, token);
  const error = paying.error ?? leaving.error;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen && !paying.isPending && !leaving.isPending) paying.mutate(chosen);
  };
  return (
    <form className={styles.again} onSubmit={submit}>
      <PaymentChoice {...choice} />
      {error && (
        <Notice tone="bad" title={paying.error ? 'The payment was not started' : 'The order was not cancelled'}>
          {explain(error)}
        </Notice>
      )}
      <div className={styles.buttons}>
        <Button type="submit" kind="primary" busy={paying.isPending} aria-disabled={!chosen || paying.isPending}>
          {paying.isPending ? 'Paying …' : `Pay ${moneyText(order.total)}`}
        </Button>
        <Button busy={leaving.isPending} onClick={() => leaving.mutate()}>
          Cancel the order and go back to the cart
        </Button>
      </div>
    </form>
  );
}

/** The same, folded away below another way to pay. */
export function OtherWays(props: OpenedOrder) {
  return (
    <details className={styles.other}>
      <summary>Pay another way, or cancel the order</summary>
      <PayAgain {...props} />
    </details>
  );
}
