import styles from './checkout.module.css';
import { OrderSummary } from './order-summary.tsx';
import { PaymentChoice } from './payment-choice.tsx';
import { ShippingAddressChoice } from './shipping-address-choice.tsx';
import { type CheckoutProps, useCheckout } from './use-checkout.ts';

export function CheckoutForm(props: CheckoutProps) {
  const { form, submit, addressChoice, paymentChoice, placing, priceChange } = useCheckout(props);
  return (
    <form className={styles.form} ref={form} onSubmit={submit} noValidate>
      <div className={styles.asked}>
        <ShippingAddressChoice {...addressChoice} />
        <PaymentChoice {...paymentChoice} />
      </div>
      <OrderSummary cart={props.cart} placing={placing} priceChange={priceChange} />
    </form>
  );
}
