import type { Answer } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import { type Cart, type CartVisit, createCart, fillCart, MOST_LINES, setLine, signInWithCart } from './carts.ts';
import { askWithCoupons } from './coupons.ts';
import { cancel, pay } from './order-requests.ts';
import { chooseDetails, type PurchaseDetails, priceHasChanged, pricingFields, readQuote } from './purchase-details.ts';
import type { CartHistory, Checkout } from './request-log.ts';
import { COUNTRY } from './shop-rules.ts';
import {
  type Customer,
  chooseCustomer,
  chooseLines,
  chooseWeighted,
  emailOfGuest,
  type Line,
  offSaleIfBanned,
  type PlacedOrder,
  placedOrder,
  untilDecided,
  type Workload,
  wait,
} from './workload.ts';

/** What happens while a cart is checked out, by weight. */
const scenarios = {
  /** Nothing else. */
  plain: 35,
  /** Another device changes lines. */
  edited: 30,
  /** The same customer checks out twice at once, with different details. */
  twice: 10,
  /** Two customers check out one guest cart at once. */
  strangers: 8,
  /** The card is declined, and the customer tries again with another. */
  declined: 17,
};
/** Share of those who have not signed in who have a cart in their account as well, so that both are merged when they sign in. */
const MERGES = 0.5;
/** How often a customer checks out who met a change of the cart or of a price, or whose coupon is used up. */
const MOST_CHECKOUTS = 3;

const address = { line1: '1 Analytical Row', city: 'London', postalCode: 'N1', country: COUNTRY };

type Buyer = { customer: Customer; token: string; details: PurchaseDetails };

/** Fills a cart, signed in or not, and checks it out. */
export async function buyWithCart(o: Workload, random: Random, customer: Customer): Promise<PlacedOrder | undefined> {
  const scenario = chooseWeighted(scenarios, random);
  const { account } = customer;
  const owner = scenario === 'strangers' || random.chance(0.5) ? undefined : account;
  const cart = await createCart(o, owner);
  if (!cart) return undefined;
  await fillCart(o, random, { cart, owner });
  const isMerged = account && !owner && scenario !== 'strangers' && random.chance(MERGES);
  const cartVisit = isMerged ? await signInWithCart(o, random, { cart, shopper: account }) : { cart, owner, customer };
  if (!cartVisit) return undefined;
  const buyer = { customer, token: chooseWeighted(o.behaviour.tokens, random), details: chooseDetails(o, random) };
  switch (scenario) {
    case 'edited':
      return checkOutWhileEdited(o, random, { ...cartVisit, ...buyer });
    case 'twice':
      return checkOutAtOnce(o, cartVisit.cart, [buyer, { ...buyer, token: 'ok' }]);
    case 'strangers':
      return checkOutAtOnce(o, cartVisit.cart, [
        buyer,
        { customer: chooseCustomer(o, random), token: 'ok', details: chooseDetails(o, random) },
      ]);
    case 'declined':
      return checkOutAfterDecline(o, random, { ...cartVisit, ...buyer });
    default:
      return checkOut(o, cartVisit.cart, buyer);
  }
}

/**
 * Checks out; and again when the cart or a price was changed meanwhile, with a new quote, or when a coupon is used up, without coupons.
 */
async function checkOut(o: Workload, cart: Cart, buyer: Buyer): Promise<PlacedOrder | undefined> {
  let { details } = buyer;
  for (let attempt = 1; attempt <= MOST_CHECKOUTS; attempt++) {
    const { placed, answer } = await tryToCheckOut(o, cart, { ...buyer, details });
    if (placed) return placed;
    if (answer?.body?.code === 'coupon_not_valid') details = { ...details, coupons: [] };
    else if (answer?.status !== 409) return undefined;
  }
  return undefined;
}

async function tryToCheckOut(
  o: Workload,
  { history, path }: Cart,
  { customer, token, details }: Buyer,
): Promise<{ placed?: PlacedOrder; answer: Answer | undefined }> {
  const quote = await readQuote(o, customer, { path: `${path}/quote`, skus: history.skus }, details);
  const isOffSale = offSaleIfBanned(o, history.skus);
  const asked = askWithCoupons(details.coupons, { email: customer.email, origin: history.id });
  const { answer, ...action } = await o.client(customer.account, {
    ...{ kind: 'checkout', method: 'POST', path: `${path}/checkout` },
    body: {
      shippingAddress: { ...address, name: `Paid by ${token}` },
      payment: { provider: 'sandbox', token },
      ...{ ...emailOfGuest(customer), ...pricingFields(details, quote) },
    },
    accepts: [200, 201],
    // 409: it changed meanwhile, or another has checked it out. 404: it was a guest's, and belongs to whoever checked it out.
    refusals: history.isContended ? [409, 404] : [],
    isExpectedProblem: (refused) =>
      isOffSale(refused) ||
      isEmptied(history, refused) ||
      asked.isUsedUp(refused) ||
      priceHasChanged(o, quote, refused, true),
  });
  asked.ended(action.outcome);
  const placed = action.outcome === 'acknowledged' && answer ? placedOrder(customer, token, answer) : undefined;
  const checkout: Checkout = { ...action, email: customer.email, token, orderId: placed?.orderId };
  history.checkouts.push(checkout);
  if (!placed) return { answer };
  o.requestLog.acknowledged.add(placed.orderId);
  return { placed, answer };
}

/** Whether a cart may be empty: lines were taken out, or none got in because a seller was banned. */
function isEmptied({ writes }: CartHistory, { status, body }: Answer): boolean {
  const mayBeEmpty =
    writes.some(({ quantity }) => quantity === 0) || !writes.some(({ outcome }) => outcome === 'acknowledged');
  return status === 422 && body?.code === 'cart_empty' && mayBeEmpty;
}

/** Another device changes lines while the first checks out; and once more when that is done. */
async function checkOutWhileEdited(
  o: Workload,
  random: Random,
  { cart, owner, ...buyer }: CartVisit & Buyer,
): Promise<PlacedOrder | undefined> {
  cart.history.isContended = true;
  const edits = chooseLines(o, random, MOST_LINES).map((line) => ({ line, afterMs: random.int(0, 25) }));
  const edit = async ({ line, afterMs }: { line: Line; afterMs: number }) => {
    await wait(o, afterMs);
    await setLine(o, cart, owner, line);
  };
  const [placed] = await Promise.all([checkOut(o, cart, buyer), ...edits.map(edit)]);
  const [late] = chooseLines(o, random, 1);
  // A cart that is checked out refuses this; one that says yes must be open.
  if (late && random.chance(0.5)) await setLine(o, cart, placed ? buyer.customer.account : owner, late);
  return placed;
}

/** Checks one cart out several times at once; answers the first order, of which there must be one only. */
async function checkOutAtOnce(o: Workload, cart: Cart, buyers: readonly Buyer[]): Promise<PlacedOrder | undefined> {
  cart.history.isContended = true;
  const placed = await Promise.all(buyers.map((buyer) => checkOut(o, cart, buyer)));
  return placed.find((one) => one !== undefined);
}

/** Pays with a card that is declined, perhaps changes the cart, and pays with another card. */
async function checkOutAfterDecline(
  o: Workload,
  random: Random,
  { cart, owner, ...buyer }: CartVisit & Buyer,
): Promise<PlacedOrder | undefined> {
  const declined = await checkOut(o, cart, { ...buyer, token: 'declined' });
  if (!declined) return undefined;
  const decided = await untilDecided(o, declined);
  if (decided?.body.status !== 'awaiting_payment') return undefined;
  // The same order is paid by another card, or the customer goes back to the cart.
  if (random.chance(0.4)) {
    await pay(o, declined, 'ok');
    return declined;
  }
  if (!(await cancel(o, declined))) return undefined;
  cart.history.declined.push({ orderId: declined.orderId, knownAtMs: o.now() });
  if (random.chance(0.5)) {
    for (const line of chooseLines(o, random, 2)) await setLine(o, cart, owner ?? buyer.customer.account, line);
  }
  return checkOut(o, cart, { ...buyer, token: 'ok' });
}
