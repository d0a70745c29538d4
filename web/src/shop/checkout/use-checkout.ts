import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useEffectEvent, useRef, useState } from 'react';
import type { SavedAddress } from '../../api/addresses.ts';
import type { Cart } from '../../api/cart-change.ts';
import type { Order } from '../../api/orders.ts';
import { fieldError, hasCode } from '../../api/problem.ts';
import { type Quote, type QuoteRequest, shopQuery } from '../../api/quotes.ts';
import { countryName } from '../../design/format.tsx';
import { usePaused } from '../../design/use-paused.ts';
import { type AddressErrors, addressFields, addressOf, checkAddress, type Draft } from '../addresses/address.ts';
import { useCheckoutChoices } from './checkout-choices.ts';
import { FIRST_TOKEN } from './payment-choice.tsx';
import type { ChosenAddress } from './shipping-address-choice.tsx';
import { useCoupons } from './use-coupons.ts';
import { useKeepAddress } from './use-keep-address.ts';
import { quoteOfProblem, usePlaceOrder } from './use-place-order.ts';
import { isCountryRefused, useQuote } from './use-quote.ts';

export type CheckoutProps = {
  cart: Cart;
  /** The addresses to choose from, the default first. */
  saved: readonly SavedAddress[];
  /** What the form begins with where none of them is chosen. */
  address: Draft;
  onPlaced: (order: Order) => void;
};

/** The state of the checkout: address, shipping, codes, payment, the quote that the shopper has seen, and the order that is placed. */
export function useCheckout({ cart, saved, address, onPlaced }: CheckoutProps) {
  const [chosen, setChosen] = useState<ChosenAddress>(saved[0]);
  const [draft, setDraft] = useState(address);
  const keeping = useKeepAddress();
  const [token, setToken] = useState<string>(FIRST_TOKEN);
  const [errors, setErrors] = useState<AddressErrors>({});
  const form = useRef<HTMLFormElement>(null);
  const quoted = useRef<QuoteRequest>(undefined);
  const { country, destination, isTyping } = useDestination(chosen, draft);
  const [choices, choose] = useChoicesFor(cart.id, country);
  const quote = useQuote(cart, { destination, ...choices });
  useCheapestInstead(quote.error, () => choose({ shippingMethod: undefined }));
  const placing = usePlaceOrder(cart, {
    onPlaced(order) {
      if (!chosen) keeping.keep(order.shippingAddress);
      onPlaced(order);
    },
    onRefused(error) {
      const received = quoteOfProblem(error);
      if (received && quoted.current) quote.receive(quoted.current, received);
    },
  });
  const coupons = useCoupons({
    codes: choices.couponCodes ?? [],
    onChange: (couponCodes) => choose({ couponCodes }),
    request: quote.request,
    onQuote: quote.receive,
    refusals: { quote: quote.error, order: placing.error },
  });
  const refusal = isCountryRefused(quote.error) ? `The shop does not send to ${countryName(country)}` : undefined;

  const send = (agreed: Quote | undefined) => {
    const found: AddressErrors = chosen ? {} : checkAddress(draft);
    setErrors(found);
    const first = addressFields.find((field) => found[field] ?? (field === 'country' && refusal));
    if (first) return form.current?.querySelector<HTMLElement>(`[name="${chosen ? 'where' : first}"]`)?.focus();
    if (!agreed || isTyping) return;
    quoted.current = quote.request;
    placing.mutate({
      ...{ cartId: cart.id, shippingAddress: chosen?.address ?? addressOf(draft), token, expectedTotal: agreed.total },
      ...{ shippingMethod: agreed.shippingMethod, couponCodes: choices.couponCodes },
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!placing.isPending && !quote.change) send(quote.agreed);
  };
  const onAgree = () => {
    quote.agree();
    send(quote.change?.now);
  };
  const refused = Object.fromEntries(
    addressFields.map((field) => [field, errors[field] ?? fieldError(placing.error, `/shippingAddress/${field}`)]),
  );
  return {
    form,
    submit,
    placing,
    coupons,
    quote: { ...quote, isCalculating: quote.isCalculating || isTyping },
    addressChoice: {
      ...{ saved, chosen, onChoose: setChosen, refusal },
      written: {
        draft,
        errors: { ...refused, ...(refusal && { country: refusal }) },
        onChange: setDraft,
        kept: keeping.wanted,
        onKeep: keeping.want,
      },
    },
    shippingChoice: {
      methods: quote.error ? [] : (quote.shown?.shippingMethods ?? []),
      chosen: choices.shippingMethod ?? quote.shown?.shippingMethod,
      onChoose: (shippingMethod: string) => choose({ shippingMethod }),
    },
    paymentChoice: { token, onChange: setToken },
    onAgree,
  };
}

/** Where it goes, as far as the price depends on it. While a region is being typed, it is not asked for with each letter. */
function useDestination(chosen: ChosenAddress, draft: Draft) {
  const paused = usePaused(draft.region);
  const { country, region = '' } = chosen?.address ?? { country: draft.country, region: paused };
  const name = region.trim();
  return {
    country,
    destination: { country, ...(name !== '' && { region: name }) },
    isTyping: !chosen && paused !== draft.region,
  };
}

/** The choices for a cart; a method that does not send to the country is as good as none. */
function useChoicesFor(cartId: string, country: string) {
  const [{ shippingMethod: method, couponCodes }, choose] = useCheckoutChoices(cartId);
  const { data: shop } = useQuery(shopQuery);
  const isOffered = shop?.shippingMethods.some(({ id, countries }) => id === method && countries.includes(country));
  const choices = {
    ...(method !== undefined && isOffered && { shippingMethod: method }),
    ...(couponCodes.length > 0 && { couponCodes: [...couponCodes] }),
  };
  return [choices as Pick<QuoteRequest, 'shippingMethod' | 'couponCodes'>, choose] as const;
}

/** Where the shop has stopped offering the chosen method, the cheapest one is taken. */
function useCheapestInstead(error: unknown, forget: () => void): void {
  const forgetMethod = useEffectEvent(forget);
  useEffect(() => {
    if (hasCode(error, 'shipping_method_not_offered')) forgetMethod();
  }, [error]);
}
