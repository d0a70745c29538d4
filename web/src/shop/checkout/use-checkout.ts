import { useQuery } from '@tanstack/react-query';
import { type FormEvent, type RefObject, useEffect, useEffectEvent, useRef } from 'react';
import type { SavedAddress } from '../../api/addresses.ts';
import type { Cart } from '../../api/cart-change.ts';
import type { PlacedOrder } from '../../api/orders.ts';
import { hasCode } from '../../api/problem.ts';
import { type Quote, type QuoteRequest, shopQuery } from '../../api/quotes.ts';
import { countryName } from '../../design/format.tsx';
import type { Draft } from '../addresses/address.ts';
import type { Payment } from '../payments/payment-means.ts';
import { usePaymentChoice } from '../payments/use-payment-choice.ts';
import { useCheckoutChoices } from './checkout-choices.ts';
import type { BilledTo } from './use-billing.ts';
import { useCoupons } from './use-coupons.ts';
import { useGuestEmail } from './use-guest-email.ts';
import { useOrderDetails } from './use-order-details.ts';
import { quoteOfProblem, usePlaceOrder } from './use-place-order.ts';
import { isCountryRefused, useQuote } from './use-quote.ts';
import { useShippingAddress } from './use-shipping-address.ts';

export type CheckoutProps = {
  cart: Cart;
  /** The addresses to choose from, the default first. */
  saved: readonly SavedAddress[];
  /** What the form begins with where none of them is chosen. */
  address: Draft;
  /** Who the last order was billed to; empty without one. */
  billedTo: BilledTo;
  /** What the field for the e-mail address of a guest begins with; undefined for an account. */
  email: string | undefined;
  onPlaced: (order: PlacedOrder) => void;
};

/** The state of the checkout: address, shipping, codes, payment, the quote that the shopper has seen, and the order that is placed. */
export function useCheckout({ cart, saved, address: initial, email: initialEmail, billedTo, onPlaced }: CheckoutProps) {
  const shipping = useShippingAddress(saved, initial, initialEmail === undefined);
  const guest = useGuestEmail(initialEmail);
  const details = useOrderDetails(billedTo);
  const paymentChoice = usePaymentChoice();
  const [form, quoted] = [useRef<HTMLFormElement>(null), useRef<QuoteRequest>(undefined)];
  const { country, destination, address } = shipping;
  const [isTyping, means] = [shipping.isTyping || details.isTyping, paymentChoice.chosen];
  const [choices, choose] = useChoicesFor(cart.id, country);
  const quote = useQuote(cart, { destination, ...choices, ...details.quoted });
  useCheapestInstead(quote.error, () => choose({ shippingMethod: undefined }));
  const placing = usePlaceOrder(cart, {
    onPlaced(order) {
      shipping.keep(order.shippingAddress);
      onPlaced(order);
    },
    onRefused: (error) => {
      details.onRefused(error);
      takeQuote(quote, quoted.current, error);
    },
  });
  const coupons = useCouponsOf(quote, choices, choose, placing.error);
  const problemOfCountry = countryProblem(quote.error, country);
  const hasProblems = useCheck(quote, () =>
    focusFirst(form, guest.check(), shipping.check(problemOfCountry), details.check(quote.error)),
  );
  const send = (agreed: Quote | undefined) => {
    if (hasProblems() || !agreed || isTyping || !means) return;
    quoted.current = quote.request;
    const chosen = { ...agreedOf(agreed), ...paymentOf(means), couponCodes: choices.couponCodes };
    placing.mutate({ cartId: cart.id, email: guest.email, ...chosen, shippingAddress: address, details: details.sent });
  };
  return {
    ...{ form, placing, coupons },
    submit(event: FormEvent) {
      event.preventDefault();
      if (!placing.isPending && !quote.change) send(quote.agreed);
    },
    onAgree() {
      quote.agree();
      send(quote.change?.now);
    },
    quote: { ...quote, isCalculating: quote.isCalculating || isTyping },
    details: details.fields(quote, placing.error),
    guestEmail: guest.field(placing.error),
    addressChoice: shipping.choice(problemOfCountry, placing.error),
    shippingChoice: shippingChoiceOf(quote, choices, choose),
    paymentChoice,
  };
}

/**
 * Checks the fields when the button is pressed. Where the total is still being calculated, they are checked again once that has failed, as if
 * the button had been pressed afterwards, unless the shopper has gone elsewhere on the page meanwhile.
 */
function useCheck({ isCalculating, error }: ReturnType<typeof useQuote>, check: () => boolean): () => boolean {
  const pressedAt = useRef<Element>(null);
  useEffect(() => {
    if (isCalculating || !pressedAt.current) return;
    const isStillThere = document.activeElement === pressedAt.current;
    pressedAt.current = null;
    if (error && isStillThere) check();
  });
  return () => {
    const hasProblems = check();
    if (isCalculating && !hasProblems) pressedAt.current = document.activeElement;
    return hasProblems;
  };
}

/** Moves the focus to the first of the fields that are wrong; false where none is. All are checked before, so that all that is wrong is shown at once. */
function focusFirst(form: RefObject<HTMLFormElement | null>, ...fields: (string | undefined)[]): boolean {
  const wrong = fields.find((field) => field !== undefined);
  if (wrong) form.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
  return wrong !== undefined;
}

/** Takes the new quote that comes with the rejection of an order. */
function takeQuote({ receive }: ReturnType<typeof useQuote>, of: QuoteRequest | undefined, error: unknown): void {
  const received = quoteOfProblem(error);
  if (received && of) receive(of, received);
}

const paymentOf = ({ provider, token }: Payment) => ({ payment: { provider, token } });

const agreedOf = ({ total, shippingMethod }: Quote) => ({ expectedTotal: total, shippingMethod });

const countryProblem = (error: unknown, country: string): string | undefined =>
  isCountryRefused(error) ? `The shop does not send to ${countryName(country)}` : undefined;

type Choices = Pick<QuoteRequest, 'shippingMethod' | 'couponCodes'>;

const useCouponsOf = (
  { request, receive, error }: ReturnType<typeof useQuote>,
  { couponCodes = [] }: Choices,
  choose: (changes: { couponCodes: readonly string[] }) => void,
  orderError: unknown,
) =>
  useCoupons({
    codes: couponCodes,
    onChange: (codes) => choose({ couponCodes: codes }),
    ...{ request, onQuote: receive, refusals: { quote: error, order: orderError } },
  });

/** The methods to choose from. Those of the last quote stay while another is calculated, so that the focus has its place. */
const shippingChoiceOf = (
  { error, shown }: ReturnType<typeof useQuote>,
  { shippingMethod }: Choices,
  choose: (changes: { shippingMethod: string }) => void,
) => ({
  methods: error ? [] : (shown?.shippingMethods ?? []),
  chosen: shippingMethod ?? shown?.shippingMethod,
  onChoose: (id: string) => choose({ shippingMethod: id }),
});

/** The choices for a cart; a method that does not send to the country is as good as none. */
function useChoicesFor(cartId: string, country: string) {
  const [{ shippingMethod: method, couponCodes }, choose] = useCheckoutChoices(cartId);
  const { data: shop } = useQuery(shopQuery);
  const isOffered = shop?.shippingMethods.some(({ id, countries }) => id === method && countries.includes(country));
  const choices: Choices = {
    ...(method !== undefined && isOffered && { shippingMethod: method }),
    ...(couponCodes.length > 0 && { couponCodes: [...couponCodes] }),
  };
  return [choices, choose] as const;
}

/** Where the shop has stopped offering the chosen method, the cheapest one is taken. */
function useCheapestInstead(error: unknown, forget: () => void): void {
  const forgetMethod = useEffectEvent(forget);
  useEffect(() => {
    if (hasCode(error, 'shipping_method_not_offered')) forgetMethod();
  }, [error]);
}
