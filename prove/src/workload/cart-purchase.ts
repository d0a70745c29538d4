import type { Answer, Shopper } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import { type Cart, type CartVisit, createCart, fillCart, MOST_LINES, setLine, signInWithCart } from './carts.ts';
import type { CartHistory } from './request-log.ts';
import {
  chooseLines,
  chooseWeighted,
  type Line,
  offSaleIfBanned,
  type PlacedOrder,
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
/** Share of the guests who have a cart in their account as well, so that both are merged when they sign in. */
const MERGES = 0.5;
/** How often a customer whose checkout met a change of the cart checks out again. */
const MOST_CHECKOUTS = 3;

const address = { line1: '1 Analytical Row', city: 'London', postalCode: 'N1', country: 'GB' };

type Buyer = { shopper: Shopper; token: string };

/** Fills a cart, as a guest or signed in, and checks it out. */
export async function buyWithCart(o: Workload, random: Random, shopper: Shopper): Promise<PlacedOrder | undefined> {
  const scenario = chooseWeighted(scenarios, random);
  const isGuest = scenario === 'strangers' || random.chance(0.5);
  const owner = isGuest ? undefined : shopper;
  const cart = await createCart(o, owner);
  if (!cart) return undefined;
  await fillCart(o, random, { cart, owner, shopper });
  const isMerged = isGuest && scenario !== 'strangers' && random.chance(MERGES);
  const cartVisit = isMerged ? await signInWithCart(o, random, { cart, shopper }) : { cart, owner, shopper };
  if (!cartVisit) return undefined;
  const token = chooseWeighted(o.behaviour.tokens, random);
  switch (scenario) {
    case 'edited':
      return checkOutWhileEdited(o, random, { ...cartVisit, token });
    case 'twice':
      return checkOutAtOnce(o, cartVisit.cart, [
        { shopper, token },
        { shopper, token: 'ok' },
      ]);
    case 'strangers':
      return checkOutAtOnce(o, cartVisit.cart, [
        { shopper, token },
        { shopper: random.pick(o.fixtures.shoppers), token: 'ok' },
      ]);
    case 'declined':
      return checkOutAfterDecline(o, random, cartVisit);
    default:
      return checkOut(o, cartVisit.cart, { shopper, token });
  }
}

/** Checks out, and again when the cart was changed meanwhile. */
async function checkOut(
  o: Workload,
  { history, path }: Cart,
  { shopper, token }: Buyer,
): Promise<PlacedOrder | undefined> {
  const body = { shippingAddress: { ...address, name: `Paid by ${token}` }, payment: { provider: 'sandbox', token } };
  const isOffSale = offSaleIfBanned(o, history.skus);
  for (let attempt = 1; attempt <= MOST_CHECKOUTS; attempt++) {
    const { answer, ...action } = await o.client(shopper, {
      ...{ kind: 'checkout', method: 'POST', path: `${path}/checkout`, body },
      accepts: [200, 201],
      // 409: it changed meanwhile, or another has checked it out. 404: it was a guest's, and belongs to whoever checked it out.
      refusals: history.isContended ? [409, 404] : [],
      isRefusal: (refused) => isOffSale(refused) || isEmptied(history, refused),
    });
    const orderId = action.outcome === 'acknowledged' && answer ? String(answer.body.id) : undefined;
    history.checkouts.push({ ...action, email: shopper.email, token, orderId });
    if (orderId) {
      o.requestLog.acknowledged.add(orderId);
      return { orderId, customer: shopper };
    }
    if (answer?.status !== 409) return undefined;
  }
  return undefined;
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
  { cart, owner, shopper, token }: CartVisit & { token: string },
): Promise<PlacedOrder | undefined> {
  cart.history.isContended = true;
  const edits = chooseLines(o, random, MOST_LINES).map((line) => ({ line, afterMs: random.int(0, 25) }));
  const edit = async ({ line, afterMs }: { line: Line; afterMs: number }) => {
    await wait(o, afterMs);
    await setLine(o, cart, owner, line);
  };
  const [placed] = await Promise.all([checkOut(o, cart, { shopper, token }), ...edits.map(edit)]);
  const [late] = chooseLines(o, random, 1);
  // A cart that is checked out refuses this; one that says yes must be open.
  if (late && random.chance(0.5)) await setLine(o, cart, placed ? shopper : owner, late);
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
  { cart, owner, shopper }: CartVisit,
): Promise<PlacedOrder | undefined> {
  const declined = await checkOut(o, cart, { shopper, token: 'declined' });
  if (!declined) return undefined;
  const decided = await untilDecided(o, declined);
  if (decided?.body.status !== 'cancelled') return undefined;
  cart.history.declined.push({ orderId: declined.orderId, knownAtMs: o.now() });
  if (random.chance(0.5)) {
    for (const line of chooseLines(o, random, 2)) await setLine(o, cart, owner ?? shopper, line);
  }
  return checkOut(o, cart, { shopper, token: 'ok' });
}
