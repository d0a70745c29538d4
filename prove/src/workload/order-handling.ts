import type { Random } from '../random.ts';
import type { Seller } from './fixtures.ts';
import { cancel, capture, deliver, refund, send, takeBack } from './order-requests.ts';
import { type Line, type PlacedOrder, readOrder, type Workload, wait } from './workload.ts';

type OpenLine = Line & { seller: Seller; left: number; unrefunded: number };
type OpenOrder = PlacedOrder & { lines: OpenLine[]; total: number };
type Operation = (o: Workload, random: Random, order: OpenOrder) => Promise<void>;

/** How often something is done with one order, and how many requests meet there. */
const [MOST_ROUNDS, MOST_AT_ONCE] = [3, 3];
/** Share of the rounds in which several requests meet. */
const MEETINGS = 0.7;

/** What sellers, operators and customers do with an order that was paid. */
const operations: readonly Operation[] = [
  sendPart,
  sendPart,
  sendAll,
  refundLine,
  refundLine,
  refundAmount,
  refundAll,
  returnPart,
  returnAll,
  async (o, _, order) => {
    await cancel(o, order);
  },
  (o, _, order) => capture(o, order),
  deliverOrder,
];

/** Parcels, refunds, returns, cancellations and deliveries, several of them at the same moment; then, often, the rest is sent. */
export async function handleOrder(o: Workload, random: Random, placed: PlacedOrder): Promise<void> {
  for (let round = random.int(1, MOST_ROUNDS); round > 0; round--) {
    const order = await readOpenOrder(o, placed);
    if (!order || o.signal.aborted) return;
    const count = random.chance(MEETINGS) ? random.int(2, MOST_AT_ONCE) : 1;
    const chosen = Array.from({ length: count }, () => random.pick(operations));
    // The same request twice is what two clicks, or two people with one list, send.
    const [first] = chosen;
    if (first && count > 1 && random.chance(0.25)) chosen[1] = first;
    await Promise.all(chosen.map((operation) => operation(o, random, order)));
    await wait(o, random.int(0, 200));
  }
  if (random.chance(0.5)) await sendTheRest(o, random, placed);
  if (random.chance(0.2)) await returnSome(o, random, placed);
}

async function readOpenOrder(o: Workload, placed: PlacedOrder): Promise<OpenOrder | undefined> {
  const { answer } = await readOrder(o, placed);
  if (!answer) return undefined;
  // as: the response is described by the API's own document; what is not so is refused by the API in turn.
  const lines = answer.body.lines as {
    sku: string;
    quantity: number;
    sellerId: string;
    fulfilled: number;
    refunded: number;
  }[];
  return {
    ...placed,
    total: Number(answer.body.total.amount),
    lines: lines.flatMap(({ sku, quantity, sellerId, fulfilled, refunded }) => {
      const seller = o.fixtures.sellers.find(({ id }) => id === sellerId);
      const left = Math.max(0, quantity - fulfilled - refunded);
      return seller ? [{ sku, quantity, seller, left, unrefunded: quantity - refunded }] : [];
    }),
  };
}

async function sendTheRest(o: Workload, random: Random, placed: PlacedOrder): Promise<void> {
  const order = await readOpenOrder(o, placed);
  const sellers = new Set(order?.lines.flatMap(({ seller, left }) => (left > 0 ? [seller] : [])));
  if (!order) return;
  // Each seller sends what is theirs, when it suits them.
  await Promise.all([...sellers].map((seller) => send(o, order, seller, undefined)));
  if (random.chance(0.5)) await deliverOrder(o, random, order);
}

async function sendPart(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  const { sku, seller, quantity, left } = random.pick(order.lines);
  await send(o, order, seller, [{ sku, quantity: random.int(1, Math.max(1, left || quantity)) }]);
}

async function sendAll(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  await send(o, order, random.pick(order.lines).seller, undefined);
}

async function refundLine(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  const { sku, seller, unrefunded } = random.pick(order.lines);
  const lines = [{ sku, quantity: random.int(1, Math.max(1, unrefunded)) }];
  await refund(o, order, { by: seller, body: { reason: 'broken', lines } });
}

async function refundAmount(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  const amount = random.int(1, random.chance(0.8) ? 200 : order.total);
  await refund(o, order, { by: undefined, body: { reason: 'late', amount } });
}

async function refundAll(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  const by = random.chance(0.5) ? random.pick(order.lines).seller : undefined;
  await refund(o, order, { by, body: { reason: 'lost on the way' } });
}

/** A shopper sends goods back now and then; the same parcel may be recorded by two people at once. */
async function returnSome(o: Workload, random: Random, placed: PlacedOrder): Promise<void> {
  const order = await readOpenOrder(o, placed);
  if (!order) return;
  await Promise.all(Array.from({ length: random.int(1, 2) }, () => returnPart(o, random, order)));
}

async function returnPart(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  const { sku, seller, quantity } = random.pick(order.lines);
  const lines = [{ sku, quantity: random.int(1, quantity) }];
  await takeBack(o, order, { by: seller, body: { ...returnOf(random), lines } });
}

async function returnAll(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  const by = random.chance(0.5) ? random.pick(order.lines).seller : undefined;
  await takeBack(o, order, { by, body: returnOf(random) });
}

const returnOf = (random: Random) => ({
  reason: 'too small',
  restock: random.chance(0.7),
  refund: random.chance(0.5),
});

async function deliverOrder(o: Workload, random: Random, order: OpenOrder): Promise<void> {
  // Of an order of several sellers, each of them knows of their own parcels only.
  const [first, ...others] = new Set(order.lines.map(({ seller }) => seller));
  const by = others.length > 0 || random.chance(0.2) ? undefined : first;
  await deliver(o, order, by);
}
