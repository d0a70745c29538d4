import { lazy, type ReactNode, Suspense } from 'react';
import type { Order, OrderRef } from '../../api/orders.ts';
import { Button } from '../../design/button.tsx';
import { moneyText, Time } from '../../design/format.tsx';
import { loadCode } from '../../design/load-code.ts';
import { Notice } from '../../design/notice.tsx';
import { Loading, Skeleton } from '../../design/page-states.tsx';
import { useBankPage } from './bank-page.ts';
import { BankTransfer } from './bank-transfer.tsx';
import { OtherWays, PayAgain } from './pay-again.tsx';
import styles from './payments.module.css';
import { useCheckOnReturn } from './use-payments.ts';

/** Stripe's library is loaded by those who pay with it, and by nobody else. */
const StripePayment = lazy(async () => ({
  default: (await loadCode(() => import('./stripe-payment.tsx'))).StripePayment,
}));

type OpenedOrder = { order: Order; token: OrderRef['token'] };

/** What the customer has to do to pay an order, or what is to be known of its payment; nothing where there is neither. */
export function PaymentStep({ order, token }: OpenedOrder) {
  const { isChecking, check } = useCheckOnReturn(order, token);
  const openBankPage = useBankPage(order, token);
  // It is given up: `OrderActions` says so.
  if (order.cancelRequested) return null;
  switch (order.payment.status) {
    case 'declined':
      return <Declined order={order} token={token} />;
    case 'requires_action':
      return (
        <Step>
          {isChecking && <Notice tone="info">The bank is asked how the payment stands …</Notice>}
          <RequiredAction order={order} token={token} onOpen={openBankPage} onPaid={check} />
          <OtherWays order={order} token={token} />
        </Step>
      );
    case 'authorized':
      return (
        <Step>
          <p>
            Your bank has promised {moneyText(order.total)}. The money is taken when the order is sent. You have nothing
            more to do.
          </p>
        </Step>
      );
    case 'due':
      return <Step>{dueText(order)}</Step>;
    default:
      return null;
  }
}

function RequiredAction({ order, token, onOpen, onPaid }: OpenedOrder & { onOpen: () => void; onPaid: () => void }) {
  const { action } = order.payment;
  switch (action?.type) {
    case 'redirect':
      return (
        <>
          <p>
            Your bank asks you to confirm the payment of {moneyText(order.total)} on a page of its own.{' '}
            <KeptUntil order={order} />
          </p>
          <div className={styles.buttons}>
            <Button kind="primary" onClick={onOpen}>
              Go to your bank
            </Button>
          </div>
        </>
      );
    case 'client_secret':
      return (
        <Suspense
          fallback={
            <Loading label="Loading the payment form">
              <Skeleton height="16rem" />
            </Loading>
          }
        >
          <StripePayment key={action.clientSecret} order={order} token={token} action={action} onPaid={onPaid} />
        </Suspense>
      );
    case 'bank_transfer':
      return (
        <>
          <BankTransfer amount={order.total} action={action} />
          <p>
            <KeptUntil order={order} /> Then it is cancelled.
          </p>
        </>
      );
    default:
      return null;
  }
}

const Declined = (props: OpenedOrder) => (
  <Step>
    <Notice tone="bad">
      The payment was declined. Nothing was taken. <KeptUntil order={props.order} /> Choose another way to pay.
    </Notice>
    <PayAgain {...props} />
  </Step>
);

function KeptUntil({ order: { payment } }: { order: Order }) {
  if (payment.payBy === undefined) return <>Your items are kept for you for a while.</>;
  return (
    <>
      Your items are kept for you until <Time at={payment.payBy} />.
    </>
  );
}

function dueText({ total, payment: { reference } }: Order): ReactNode {
  if (reference === 'on_delivery') return <p>You pay {moneyText(total)} when the order is handed over to you.</p>;
  return <p>The order is sent first. You pay {moneyText(total)} afterwards, on invoice.</p>;
}

const Step = ({ children }: { children: ReactNode }) => (
  <section className={styles.step} aria-label="Payment">
    {children}
  </section>
);
