import { setTimeout as sleep } from 'node:timers/promises';
import { bundleServices, type ServiceName, serviceNames } from './bundles.ts';
import { coldStarts, referenceStarts } from './cold-start.ts';
import { type Deployment, deploy } from './deployment.ts';
import { type Infrastructure, startInfrastructure } from './infrastructure.ts';
import { measureInTurn, type Pace } from './measurement.ts';
import { type BenchmarkContext, operationKinds, tradepostSide } from './operations.ts';
import type { KindName, Options } from './options.ts';
import { type Growth, type Results, resultOf, startsOf } from './results.ts';
import { makeScratch, removeScratch } from './scratch.ts';
import { preloadDatabases, type Size, seedDatabases, tagOf } from './seeding.ts';
import { openShop } from './shop.ts';
import { overload, soak } from './soak.ts';
import { countStatements } from './statements.ts';

/** Told what is going on. */
export type Progress = (what: string) => void;

type Measured = Omit<Results, 'machine' | 'command' | 'startedAt' | 'tookSeconds'>;

const paceOf = ({ quick, seconds }: Options): Pace =>
  quick
    ? { warmUpMs: 500, durationMs: 1500, repetitions: 1 }
    : { warmUpMs: 5000, durationMs: seconds * 1000, repetitions: 3 };

/** Which kinds are measured again with more products, and with more orders. */
const grows: Record<'products' | 'orders', readonly KindName[]> = {
  products: ['read', 'list', 'search', 'purchase'],
  orders: ['purchase', 'cartPurchase'],
};

/** Starts everything, measures, and stops everything, also when it fails or `started` is disposed of by a signal. */
export async function runBenchmark(
  options: Options,
  started: AsyncDisposableStack,
  onProgress: Progress,
): Promise<Measured> {
  const pace = paceOf(options);
  const size = { products: options.products[0] ?? 1000, orders: options.orders[0] ?? 0 };
  const scratch = started.adopt(await makeScratch(), removeScratch);
  onProgress('bundling the services');
  await bundleServices(scratch);
  onProgress('starting PostgreSQL and RabbitMQ');
  const infrastructure = started.adopt(await startInfrastructure(scratch, options.data), (one) => one.stop());
  const context = await createContext(infrastructure, size, started, onProgress);
  const asked = await loadTests(options, context, onProgress);
  if (asked) return { ...nothing, ...asked, pace, ...size };
  const results: Measured = {
    ...(await atRest(context.deployment, infrastructure, {
      times: options.quick ? 1 : 5,
      onProgress: onProgress,
      quick: options.quick,
    })),
    pace,
    ...size,
    memoryMiB: {},
    statementsPerPurchase: undefined,
    growth: [],
  };
  const watch = watchMemory(context.deployment);
  try {
    for (const kind of operationKinds) {
      if (!options.only.includes(kind.name)) continue;
      await using own = new AsyncDisposableStack();
      const sides = [tradepostSide(kind, context), ...(await kind.references({ ...context, started: own }))];
      const figures = await measureInTurn(sides, pace, (side, n) =>
        onProgress(`${kind.name}: ${side} (${n}/${pace.repetitions})`),
      );
      results[kind.name] = resultOf(kind, figures);
      if (kind.name === 'purchase') results.statementsPerPurchase = await countStatements(context, kind);
    }
  } finally {
    results.memoryMiB = watch.stop();
  }
  results.growth = await growth(options, context, { pace, onProgress: onProgress });
  return results;
}

const nothing = {
  ...{
    coldStartMs: {},
    liveMs: {},
    referenceColdStartMs: {},
    memoryMiB: {},
    idleMemoryMiB: {},
    idleCpuMsPerSecond: {},
  },
  ...{ statementsPerPurchase: undefined, growth: [] },
};

/** What is asked for instead of the comparison. */
async function loadTests(
  options: Options,
  context: BenchmarkContext,
  onProgress: Progress,
): Promise<Partial<Results> | undefined> {
  if (options.soak === undefined && !options.overload) return undefined;
  await context.shop.settled();
  return {
    ...(options.overload && { overload: await overload(context, onProgress) }),
    ...(options.soak !== undefined && { soak: await soak(context, options.soak, onProgress) }),
  };
}

/** Fills the databases of a size and starts the services on them. */
async function createContext(
  infrastructure: Infrastructure,
  size: Size,
  started: AsyncDisposableStack,
  onProgress: Progress,
): Promise<BenchmarkContext> {
  await seedDatabases(infrastructure, size, (what) => onProgress(`writing ${what}`));
  onProgress('reading it into memory');
  await preloadDatabases(infrastructure, size);
  onProgress('starting the services');
  const deployment = started.adopt(await deploy(infrastructure, tagOf(size)), (one) => one.stop());
  const shop = started.adopt(await openShop(infrastructure, deployment, size.products), (one) => one.close());
  await infrastructure.postgres.run('postgres', 'checkpoint');
  return { infrastructure: infrastructure, deployment, shop, products: size.products, started };
}

const SETTLE_MS = 3000;

/** What services cost when nobody asks, and how fast they start. */
async function atRest(
  deployment: Deployment,
  infrastructure: Infrastructure,
  { times, onProgress, quick }: { times: number; onProgress: Progress; quick: boolean },
) {
  onProgress('cold starts');
  const starts = await coldStarts(deployment, times);
  const referenceColdStartMs = await referenceStarts(
    infrastructure.postgres.url(deployment.database('product')),
    times,
  );
  onProgress('at rest');
  await sleep(quick ? 500 : SETTLE_MS);
  const idleMemoryMiB = byService((service) => deployment.memory(service));
  const restMs = quick ? 1000 : 10_000;
  const before = byService((service) => deployment.cpu(service));
  await sleep(restMs);
  const idle = byService((service) => ((deployment.cpu(service) - before[service]) * 1000) / restMs);
  const all = Object.values(idle).reduce((sum, one) => sum + one, 0);
  return { ...startsOf(starts), referenceColdStartMs, idleMemoryMiB, idleCpuMsPerSecond: { ...idle, all } };
}

function byService(read: (service: ServiceName) => number): Record<ServiceName, number> {
  return { 'api-gateway': read('api-gateway'), auth: read('auth'), product: read('product'), order: read('order') };
}

const LOOK_MS = 250;

/** Keeps the most memory that each service was seen to hold. */
function watchMemory(deployment: Deployment) {
  const most = byService(() => 0);
  const look = () => {
    for (const service of serviceNames) most[service] = Math.max(most[service], deployment.memory(service));
  };
  const timer = setInterval(look, LOOK_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return most;
    },
  };
}

/** The services of the larger size have just been started, the others have served for minutes: time to compile what is hot. */
const GROWN_WARM_UP = 3;

/** The same operations with more in the databases, in turn with the first size. */
async function growth(
  options: Options,
  base: BenchmarkContext,
  { pace, onProgress }: { pace: Pace; onProgress: Progress },
): Promise<Growth[]> {
  const [products = 0, ...moreProducts] = options.products;
  const [orders = 0, ...moreOrders] = options.orders;
  const steps = [
    ...moreProducts.map((more) => ({ size: { products: more, orders }, names: grows.products })),
    ...moreOrders.map((more) => ({ size: { products, orders: more }, names: grows.orders })),
  ];
  const found: Growth[] = [];
  const longer = { ...pace, warmUpMs: pace.warmUpMs * GROWN_WARM_UP };
  for (const { size, names } of steps) {
    await using own = new AsyncDisposableStack();
    const context = await createContext(base.infrastructure, size, own, onProgress);
    for (const kind of operationKinds) {
      if (!names.includes(kind.name) || !options.only.includes(kind.name)) continue;
      const sides = [tradepostSide(kind, base, 'base'), tradepostSide(kind, context, 'grown')];
      const what = `${kind.name} with ${size.products} products, ${size.orders} orders`;
      const [first, grown] = await measureInTurn(sides, longer, (side, n) =>
        onProgress(`${what}: ${side} (${n}/${pace.repetitions})`),
      );
      if (!first || !grown) continue;
      const ratio = grown.cpuMs / first.cpuMs;
      const { cpuMs, cpuByPart } = grown;
      const before = { baseCpuMs: first.cpuMs, baseCpuByPart: first.cpuByPart };
      found.push({ kind: kind.name, ...size, cpuMs, cpuByPart, ...before, ratio });
    }
  }
  return found;
}
