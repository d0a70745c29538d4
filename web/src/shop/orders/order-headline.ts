import type { Order } from '../../api/orders.ts';
import { isAllSent } from './order-steps.ts';

/** The news about an order: what its customer has to do next comes before everything else. */
export function headlineOf(order: Order): string {
  switch (order.status) {
    case 'pending':
    case 'reserved':
      return 'Thank you. On it …';
    case 'awaiting_payment':
      return headlineOfPayment(order);
    case 'authorized':
      return isAllSent(order) ? 'Your order is on its way' : 'Thank you. It is yours';
    case 'confirmed':
      return 'Thank you. It is yours';
    case 'fulfilled':
      return 'Your order is on its way';
    case 'delivered':
      return 'Your order is there';
    case 'rejected':
      return 'This did not work out';
    case 'cancelled':
      return order.reason === 'payment_declined' ? 'The payment was declined' : 'Cancelled';
    case 'refunded':
      return 'Refunded';
  }
}

function headlineOfPayment({ cancelRequested, payment: { status, action } }: Order): string {
  if (cancelRequested) return 'About to be cancelled';
  if (status === 'declined') return 'The payment was declined';
  switch (action?.type) {
    case 'redirect':
      return 'Confirm the payment with your bank';
    case 'bank_transfer':
      return 'Transfer the money for your order';
    default:
      return 'Pay your order';
  }
}
