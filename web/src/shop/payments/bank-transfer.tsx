import type { Order } from '../../api/orders.ts';
import { Button } from '../../design/button.tsx';
import { type Money, moneyText } from '../../design/format.tsx';
import { toast } from '../../design/toast.tsx';
import styles from './payments.module.css';

type TransferAction = Extract<NonNullable<Order['payment']['action']>, { type: 'bank_transfer' }>;

/** Where to transfer the money of an order to. */
export function BankTransfer({ amount, action }: { amount: Money; action: TransferAction }) {
  const { reference, instructions } = action;
  const copy = () => {
    navigator.clipboard.writeText(reference).then(
      () => toast('Copied the reference'),
      () => toast(`The browser did not allow copying: ${reference}`),
    );
  };
  return (
    <>
      <p>
        Transfer the amount, and name the reference: by it the shop knows that the money is for this order. The order is
        sent when the money has come.
      </p>
      <dl className={styles.transfer}>
        <div>
          <dt>Amount</dt>
          <dd>{moneyText(amount)}</dd>
        </div>
        <div>
          <dt>Reference</dt>
          <dd>
            <bdi>{reference}</bdi>
            <Button kind="quiet" onClick={copy}>
              Copy<span className="visually-hidden"> the reference</span>
            </Button>
          </dd>
        </div>
        <div>
          <dt>To</dt>
          <dd className={styles.instructions} dir="auto">
            {instructions}
          </dd>
        </div>
      </dl>
    </>
  );
}
