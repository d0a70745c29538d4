import { useMutation, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { cancelOrder, hasEnded, type Order, type OrderRef, orderQuery } from '../../api/orders.ts';
import { explain } from '../../api/problem.ts';
import { Button } from '../../design/button.tsx';
import { moneyText } from '../../design/format.tsx';
import { loadCode } from '../../design/load-code.ts';
import { Notice } from '../../design/notice.tsx';
import { isCancellable, isUnsettled } from './order-steps.ts';
import styles from './orders.module.css';
import { useFillCart } from './use-fill-cart.ts';

const Dialog = lazy(async () => ({ default: (await loadCode(() => import('../../design/dialog.tsx'))).Dialog }));

/** An order, and the token with which it was opened where it is a guest's. */
type OpenedOrder = { order: Order; token: OrderRef['token'] };

/** What can be done about an order: cancel it, or order the same again once it has ended. */
export function OrderActions({ order, token }: OpenedOrder) {
  return (
    <div className={styles.actions}>
      {hasEnded(order) && <OrderAgain order={order} />}
      {isCancellable(order) && <Cancel order={order} token={token} />}
      {order.cancelRequested && isUnsettled(order) && (
        <Notice tone="info">It will be cancelled as soon as the bank has answered.</Notice>
      )}
    </div>
  );
}

function OrderAgain({ order }: { order: Order }) {
  const fillCart = useFillCart(order);
  const declined = order.reason === 'payment_declined';
  return (
    <Notice tone="info" still title={declined ? 'Try another way to pay' : 'Want it after all?'}>
      <p>
        {declined
          ? 'Put the same into a new cart, and choose another card at the checkout.'
          : 'Put the same into a new cart; what is sold out can be left out there.'}
      </p>
      <div className={styles.again}>
        <Button kind="primary" onClick={fillCart}>
          Put it into the cart again
        </Button>
      </div>
    </Notice>
  );
}

function Cancel({ order, token }: OpenedOrder) {
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const { queryKey } = orderQuery(order);
  const cancelling = useMutation({
    mutationFn: () => cancelOrder({ id: order.id, token }),
    meta: { part: 'orders' },
    onSuccess: (cancelled) => {
      client.setQueryData(queryKey, cancelled);
      setAsking(false);
    },
    onError: () => client.invalidateQueries({ queryKey }),
  });
  return (
    <>
      <Button kind="danger" onClick={() => setAsking(true)}>
        Cancel the order
      </Button>
      {asking && (
        <Suspense>
          <Dialog title="Cancel this order?" open onOpenChange={setAsking}>
            <p className={styles.question}>
              What is held for you goes back on the shelf.{' '}
              {order.payment.status === 'captured'
                ? `The ${moneyText(order.total)} that you paid go back to you.`
                : 'Nothing is charged.'}
            </p>
            {cancelling.error && (
              <Notice tone="bad" title="It could not be cancelled">
                {explain(cancelling.error)}
              </Notice>
            )}
            <div className={styles.buttons}>
              <Button onClick={() => setAsking(false)}>Keep it</Button>
              <Button kind="danger" busy={cancelling.isPending} onClick={() => cancelling.mutate()}>
                Cancel the order
              </Button>
            </div>
          </Dialog>
        </Suspense>
      )}
    </>
  );
}
