import type { Order } from '../../api/orders.ts';

/** Accounts of the ledger, in words. One that this page does not know keeps its name. */
const accounts: Readonly<Record<string, string>> = {
  provider_balance: 'Provider balance',
  customer_payments: 'Customer payments',
  refunds_payable: 'Refunds payable',
  authorized_funds: 'Authorised funds',
  authorized_customers: 'Authorised by customers',
  fees: 'Fees',
  disputes: 'Disputes',
  lost_disputes: 'Lost disputes',
};

const types: Readonly<Record<string, string>> = {
  authorization: 'Payment authorised',
  authorization_released: 'Authorisation ended',
  capture: 'Payment captured',
  refund_booked: 'Refund booked',
  refund_made: 'Refund made',
  fee: 'Fee of the provider',
  dispute_opened: 'Dispute opened',
  dispute_won: 'Dispute won',
  dispute_lost: 'Dispute lost',
};

const spaced = (name: string): string => name.replaceAll('_', ' ');

export const accountText = (name: string): string => accounts[name] ?? spaced(name);
export const entryTypeText = (type: string): string => types[type] ?? spaced(type);

const statuses: Record<Order['payment']['status'], string> = {
  waiting: 'the provider has not answered yet',
  requires_action: 'the customer has to confirm it',
  declined: 'declined; the customer may pay another way',
  authorized: 'authorised, not taken yet',
  due: 'due; the order is sent first',
  captured: 'captured',
  not_taken: 'nothing was taken',
  refunded: 'refunded',
};

/** How the payment of an order stands. */
export const paymentStatusText = ({ payment: { status, action } }: Order): string =>
  action?.type === 'bank_transfer' ? 'a bank transfer is awaited' : statuses[status];
