import { ProblemError } from '@tradepost/contracts/problem-error';
import type { Address, OrderDetails } from '../domain/order.ts';
import type { ShopSettings } from '../domain/shop-settings.ts';
import type { CheckedVatId } from '../domain/vat-id.ts';

/** What a request says of an order beside what is sent where. */
export type DetailsRequest = {
  billingAddress?: Address;
  company?: string;
  vatId?: string;
  note?: string;
  giftNote?: string;
  acceptedTerms?: boolean;
  ageConfirmed?: boolean;
};

/** The problem of a request that does not confirm what the shop asks every customer to confirm; null where it does. */
export function confirmationProblem(
  { termsUrl, minimumAge }: ShopSettings,
  { acceptedTerms, ageConfirmed }: DetailsRequest,
): ProblemError | null {
  const errors = [
    ...(termsUrl !== null && acceptedTerms !== true
      ? [{ field: '/acceptedTerms', message: `The terms must be accepted: ${termsUrl}` }]
      : []),
    ...(minimumAge !== null && ageConfirmed !== true
      ? [{ field: '/ageConfirmed', message: `It must be confirmed that the customer is ${minimumAge} years or older` }]
      : []),
  ];
  const detail = errors.map(({ message }) => message).join('; ');
  return errors.length === 0 ? null : new ProblemError('confirmation_required', detail, { errors });
}

/** The details as an order keeps them. Only what the shop asks for counts as confirmed. */
export function orderDetails(
  { billingAddress, company, note, giftNote }: DetailsRequest,
  { termsUrl, minimumAge }: ShopSettings,
  vatId: CheckedVatId | undefined,
  now: Date,
): OrderDetails {
  const at = now.toISOString();
  return {
    ...(billingAddress && { billingAddress }),
    ...(company && { company }),
    ...(vatId && { vatId }),
    ...(note && { note }),
    ...(giftNote && { giftNote }),
    ...(termsUrl !== null && { acceptedTerms: { url: termsUrl, at } }),
    ...(minimumAge !== null && { confirmedAge: { minimumAge, at } }),
  };
}
