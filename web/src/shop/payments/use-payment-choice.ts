import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { shopQuery } from '../../api/quotes.ts';
import { keyOfMeans, meansOf } from './payment-means.ts';

/** The ways to pay that the shop offers, and the one that is chosen: the first until another is. */
export function usePaymentChoice() {
  const { data: shop } = useQuery(shopQuery);
  const [wanted, want] = useState<string>();
  const means = meansOf(shop?.paymentProviders ?? []);
  const chosen = means.find((one) => keyOfMeans(one) === wanted) ?? means[0];
  return { isKnown: shop !== undefined, means, chosen, onChoose: want };
}

export type PaymentChoiceState = ReturnType<typeof usePaymentChoice>;
