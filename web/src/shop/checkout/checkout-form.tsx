import { PaymentChoice } from '../payments/payment-choice.tsx';
import { BillingFields } from './billing-fields.tsx';
import styles from './checkout.module.css';
import { ConfirmationFields } from './confirmation-fields.tsx';
import { CouponFields } from './coupon-fields.tsx';
import { GuestEmail } from './guest-email.tsx';
import { NoteFields } from './note-fields.tsx';
import { OrderSummary } from './order-summary.tsx';
import { ShippingAddressChoice } from './shipping-address-choice.tsx';
import { ShippingChoice } from './shipping-choice.tsx';
import { type CheckoutProps, useCheckout } from './use-checkout.ts';

export function CheckoutForm(props: CheckoutProps) {
  const checkout = useCheckout(props);
  const { form, submit, guestEmail, addressChoice, shippingChoice, paymentChoice } = checkout;
  const { billing, notes, confirmations } = checkout.details;
  const { coupons, quote, placing, onAgree } = checkout;
  return (
    <form className={styles.form} ref={form} onSubmit={submit} noValidate>
      <div className={styles.asked}>
        {guestEmail && <GuestEmail {...guestEmail} />}
        <ShippingAddressChoice {...addressChoice} />
        {shippingChoice.methods.length > 0 && <ShippingChoice {...shippingChoice} />}
        <BillingFields {...billing} />
        <NoteFields {...notes} />
        <PaymentChoice {...paymentChoice} />
        <ConfirmationFields {...confirmations} />
      </div>
      <OrderSummary cart={props.cart} quote={quote} placing={placing} onAgree={onAgree}>
        <CouponFields {...coupons} />
      </OrderSummary>
    </form>
  );
}
