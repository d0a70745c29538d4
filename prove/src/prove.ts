import { setTimeout as sleep } from 'node:timers/promises';
import type { Shopper } from '@tradepost/testing/shopper';
import { audit, type Finding } from './audit/audit.ts';
import { type Books, type Promised, rowsOf } from './audit/books.ts';
import { untilSettled } from './audit/settle.ts';
import type { Plan } from './faults/plan.ts';
import { carryOut, type Happened } from './faults/schedule.ts';
import { createClient } from './load/customer.ts';
import { type Journal, newJournal } from './load/journal.ts';
import { runLoad } from './load/load.ts';
import { type Appetite, type Purchase, usualAppetite } from './load/purchase.ts';
import { settleTown, type Town } from './load/town.ts';
import type { Random } from './random.ts';
import { type Spread, spreadOf } from './report/figures.ts';
import type { World } from './world/world.ts';

export type ProofOptions = {
  world: World;
  random: Random;
  plan: Plan;
  /** Visits a second, and how many orders at the least. */
  rate: number;
  orders: number;
  shoppers: number;
  /** If not the usual one. */
  appetite?: Appetite | undefined;
  /** How long the books may stand still with something left to do before they are audited as they are. */
  patienceMs: number;
  signal: AbortSignal;
  /** Told of what is going on, a few times a second. */
  tell: (now: Going) => void;
};

/** Where a proof has got to. */
export type Going =
  | { phase: 'load'; accepted: number; orders: number; seconds: number; fault: Happened | undefined; faults: number }
  | { phase: 'settling' }
  | { phase: 'audit' };

/** What was seen each second. */
export type Moment = { atMs: number; undecided: number | undefined };

export type Proof = {
  journal: Journal;
  happened: readonly Happened[];
  moments: readonly Moment[];
  purchases: readonly Purchase[];
  findings: readonly Finding[];
  /** How many orders ended in each status. */
  ends: Record<string, number>;
  decidedMs: Spread;
  loadMs: number;
};

const SETTLE_TIMEOUT_MS = 300_000;
const TELL_EVERY_MS = 250;

/** Lets shoppers loose on a world in which everything fails as planned, waits until it is settled, and audits it. */
export async function proveIt(o: ProofOptions): Promise<Proof> {
  const { world, plan, random, signal } = o;
  const { auth, order } = world.pools;
  const town = await settleTown({
    ...{ gatewayUrl: world.gatewayUrl, auth, orders: order, shoppers: o.shoppers, expectedOrders: o.orders },
    random: random.fork('town'),
  });
  const journal = newJournal();
  const purchases: Purchase[] = [];
  const happened: Happened[] = [];
  const moments: Moment[] = [];
  const startedAt = performance.now();
  const now = () => performance.now() - startedAt;
  const shopping = {
    ...{ town, purchases, signal, appetite: o.appetite ?? usualAppetite },
    client: createClient({ site: town.site, journal, now }),
  };
  const watching = new AbortController();
  const accepted = () => purchases.reduce((sum, { orderId }) => sum + (orderId === undefined ? 0 : 1), 0);
  const tell = () => {
    const fault = happened.find(({ endedMs }) => endedMs === undefined);
    const where = { accepted: accepted(), orders: o.orders, seconds: now() / 1000, fault, faults: happened.length };
    o.tell({ phase: 'load', ...where });
  };
  const telling = setInterval(tell, TELL_EVERY_MS);
  const watched = watch(world, moments, now, watching.signal);
  let faultsOver = false;
  const faults = carryOut(world, plan, { now, happened, signal }).finally(() => {
    faultsOver = true;
  });
  const goesOn = (visits: number) => visits < o.orders || now() < plan.durationMs || !faultsOver;
  await runLoad(shopping, random.fork('load'), { rate: o.rate, goesOn });
  await faults;
  clearInterval(telling);
  const loadMs = now();
  const books = booksOf(world, town.admin);
  let findings: Finding[] = [];
  if (!signal.aborted) {
    o.tell({ phase: 'settling' });
    await untilSettled(books, { patienceMs: o.patienceMs, timeoutMs: SETTLE_TIMEOUT_MS });
    o.tell({ phase: 'audit' });
    findings = await audit(books, promisedBy(town, purchases));
  }
  watching.abort();
  await watched;
  return { journal, happened, moments, purchases, findings, loadMs, ...(await endsOf(books)) };
}

function booksOf(world: World, admin: Shopper): Books {
  const { pools, tap } = world;
  return {
    order: pools.order,
    product: pools.product,
    databases: new Map(Object.entries(pools)),
    get: async (path) => {
      const answer = await admin.call('GET', path);
      if (answer.status !== 200) throw new Error(`GET ${path} was answered ${answer.status}`);
      return answer.body;
    },
    events: { heard: tap.heard, depths: tap.depths },
  };
}

function promisedBy(town: Town, purchases: readonly Purchase[]): Promised {
  return {
    accepted: new Set(purchases.flatMap(({ orderId }) => orderId ?? [])),
    wanted: purchases,
    stock: new Map([...town.hot, ...town.scarce, ...town.cold].map(({ sku, units }) => [sku, units])),
  };
}

/** Looks once a second how many orders are still to be decided. */
async function watch(world: World, moments: Moment[], now: () => number, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const atMs = now();
    const text = 'select count(*)::int as n from orders where due_at is not null';
    // A database that is away leaves a gap.
    const rows = await rowsOf<{ n: number }>(world.pools.order, text).catch(() => []);
    moments.push({ atMs, undecided: rows[0]?.n });
    await sleep(Math.max(0, 1000 - (now() - atMs)), undefined, { signal }).catch(() => undefined);
  }
}

async function endsOf(books: Books): Promise<{ ends: Record<string, number>; decidedMs: Spread }> {
  const ends = await rowsOf<{ status: string; n: number }>(
    books.order,
    'select status, count(*)::int as n from orders group by status order by n desc',
  );
  const decided = await rowsOf<{ ms: number }>(
    books.order,
    `select extract(epoch from min(e.at) - o.created_at)::float8 * 1000 as ms from orders o
      join order_event e on e.order_id = o.id and e.status not in ('pending', 'reserved') group by o.id`,
  );
  return {
    ends: Object.fromEntries(ends.map(({ status, n }) => [status, n])),
    decidedMs: spreadOf(decided.map(({ ms }) => ms)),
  };
}
