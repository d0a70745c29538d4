import { Elements, PaymentElement, useElements, useStripe } from '@stripe/react-stripe-js';
import { loadStripe } from '@stripe/stripe-js/pure';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { type Order, type OrderRef, orderPath } from '../../api/orders.ts';
import { Button } from '../../design/button.tsx';
import { moneyText } from '../../design/format.tsx';
import { Notice } from '../../design/notice.tsx';
import { ErrorState, Loading, Skeleton } from '../../design/page-states.tsx';
import styles from './payments.module.css';

type StripeAction = Extract<NonNullable<Order['payment']['action']>, { type: 'client_secret' }>;

type StripePaymentProps = {
  order: Order;
  token: OrderRef['token'];
  action: StripeAction;
  onPaid: () => void;
};

/** Stripe's own form (Payment Element): card numbers are typed into a frame of Stripe, and never reach the shop. */
export function StripePayment({ order, token, action, onPaid }: StripePaymentProps) {
  const { publishableKey, clientSecret } = action;
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['stripe', publishableKey],
    queryFn: () => loadStripe(publishableKey),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (isPending) {
    return (
      <Loading label="Loading the payment form">
        <Skeleton height="16rem" />
      </Loading>
    );
  }
  if (!data || error) {
    return (
      <ErrorState title="The payment form cannot be loaded" onRetry={() => void refetch()}>
        It comes from stripe.com. An extension of your browser may have stopped it. You can also pay another way.
      </ErrorState>
    );
  }
  return (
    <Elements stripe={data} options={{ clientSecret, appearance: { theme: themeOfPage() } }}>
      <StripeForm order={order} token={token} onPaid={onPaid} />
    </Elements>
  );
}

const themeOfPage = () =>
  getComputedStyle(document.documentElement).colorScheme === 'dark' ? ('night' as const) : ('stripe' as const);

function StripeForm({ order, token, onPaid }: Omit<StripePaymentProps, 'action'>) {
  const stripe = useStripe();
  const elements = useElements();
  const [isReady, setReady] = useState(false);
  const [failure, setFailure] = useState<string>();
  const confirming = useMutation({
    mutationFn: async () => {
      if (!stripe || !elements) return undefined;
      const return_url = new URL(orderPath({ id: order.id, token }), location.origin).href;
      // Cards are confirmed in the page; other means of payment leave it and come back to `return_url`.
      return stripe.confirmPayment({ elements, confirmParams: { return_url }, redirect: 'if_required' });
    },
    onSuccess: (result) => {
      setFailure(result?.error && (result.error.message ?? 'The payment was not accepted. Try again.'));
      if (result && !result.error) onPaid();
    },
    onError: () => setFailure('Stripe cannot be reached. Check your connection, then try again.'),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isReady && !confirming.isPending) confirming.mutate();
  };
  return (
    <form className={styles.again} onSubmit={submit}>
      <PaymentElement onReady={() => setReady(true)} />
      {failure && !confirming.isPending && <Notice tone="bad">{failure}</Notice>}
      <div className={styles.buttons}>
        <Button
          type="submit"
          kind="primary"
          busy={confirming.isPending}
          aria-disabled={!isReady || confirming.isPending}
        >
          {confirming.isPending ? 'Paying …' : `Pay ${moneyText(order.total)}`}
        </Button>
      </div>
    </form>
  );
}
