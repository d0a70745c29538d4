import type { Shopper } from '@tradepost/testing/shopper';
import type { Random } from '../random.ts';
import type { CartHistory } from './request-log.ts';
import { accountCustomer, type Customer, chooseLines, type Line, offSaleIfBanned, type Workload } from './workload.ts';

export const MOST_LINES = 4;
/** The most carts that `GET /api/v1/carts` lists. */
const MOST_LISTED = 20;

export type Cart = { history: CartHistory; path: string };
/** A cart in the hands of a customer; `owner` is undefined while the customer has not signed in, as a guest never does. */
export type CartVisit = { cart: Cart; owner: Shopper | undefined; customer: Customer };

export async function createCart(o: Workload, owner: Shopper | undefined): Promise<Cart | undefined> {
  const { answer } = await o.client(owner, { kind: 'cart', method: 'POST', path: '/api/v1/carts', accepts: [201] });
  if (!answer) return undefined;
  const id = String(answer.body.id);
  const history: CartHistory = {
    id,
    skus: new Set(),
    writes: [],
    checkouts: [],
    merges: [],
    declined: [],
    isContended: false,
  };
  o.requestLog.carts.push(history);
  return { history, path: `/api/v1/carts/${id}` };
}

/** Writes lines one after the other, or all at once; sometimes changes its mind about one of them. */
export async function fillCart(
  o: Workload,
  random: Random,
  { cart, owner }: Pick<CartVisit, 'cart' | 'owner'>,
): Promise<void> {
  const lines = chooseLines(o, random, MOST_LINES);
  if (random.chance(0.5)) await Promise.all(lines.map((line) => setLine(o, cart, owner, line)));
  else for (const line of lines) await setLine(o, cart, owner, line);
  const [first, ...others] = lines;
  if (first && random.chance(0.3)) {
    const quantity = others.length > 0 && random.chance(0.3) ? 0 : random.int(1, 4);
    await setLine(o, cart, owner, { sku: first.sku, quantity });
  }
}

export async function setLine(
  o: Workload,
  { history, path }: Cart,
  who: Shopper | undefined,
  line: Line,
): Promise<void> {
  const { sku, quantity } = line;
  history.skus.add(sku);
  const { answer: _, ...action } = await o.client(who, {
    ...{ kind: 'setLine', method: 'PUT', path: `${path}/lines/${sku}`, body: { quantity } },
    accepts: [200],
    // 409: the cart was checked out. 404: it was a guest's, and belongs to whoever checked it out.
    refusals: history.isContended ? [409, 404] : [],
    isExpectedProblem: offSaleIfBanned(o, [sku]),
  });
  history.writes.push({ ...action, sku, quantity });
}

/** Signs in with a guest's cart, while the account has a cart of its own: both are merged, and the account's cart goes on. */
export async function signInWithCart(
  o: Workload,
  random: Random,
  { cart: guest, shopper }: { cart: Cart; shopper: Shopper },
): Promise<CartVisit | undefined> {
  const cart = await createCart(o, shopper);
  if (!cart) return undefined;
  for (const line of chooseLines(o, random, 2)) await setLine(o, cart, shopper, line);
  await findCart(o, cart, shopper);
  const merges = Array.from({ length: random.chance(0.3) ? 2 : 1 }, () => merge(o, cart, { guest, shopper }));
  // Another device may change the cart at that moment.
  const edits = random.chance(0.5) ? chooseLines(o, random, 1).map((line) => setLine(o, cart, shopper, line)) : [];
  await Promise.all([...merges, ...edits]);
  return { cart, owner: shopper, customer: accountCustomer(shopper) };
}

/** Another device of the account finds the cart in the list. */
async function findCart(o: Workload, { history }: Cart, shopper: Shopper): Promise<void> {
  const { answer } = await o.client(shopper, { kind: 'cart', method: 'GET', path: '/api/v1/carts', accepts: [200] });
  // as: the response is described by the API's own document; what is not so does not hold the cart.
  const items = (answer?.body?.items ?? []) as { id: string }[];
  const isFound = items.some(({ id }) => id === history.id);
  // A full list may lack it: while responses are lost, carts are created that nobody knows of, and only the newest are listed.
  if (!answer || isFound || items.length === MOST_LISTED) return;
  const ids = items.map(({ id }) => id).join(', ');
  o.requestLog.unexpected.push(`GET /api/v1/carts lacks the open cart ${history.id}, and lists ${ids}`);
}

async function merge(o: Workload, { history, path }: Cart, m: { guest: Cart; shopper: Shopper }): Promise<void> {
  const from = m.guest.history;
  for (const sku of from.skus) history.skus.add(sku);
  const { answer, ...action } = await o.client(m.shopper, {
    ...{ kind: 'merge', method: 'POST', path: `${path}/merge`, body: { from: from.id }, accepts: [200] },
  });
  // as: likewise.
  const lines = action.outcome === 'acknowledged' ? ((answer?.body?.lines ?? []) as Line[]) : undefined;
  history.merges.push({ ...action, from, lines });
  const written = lines ?? from.writes.map(({ sku, quantity }) => ({ sku, quantity }));
  history.writes.push(...written.map(({ sku, quantity }) => ({ ...action, sku, quantity, isByMerge: true as const })));
}
