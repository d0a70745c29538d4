import { measureAtRest, watchMemory } from './at-rest.ts';
import { bundleServices } from './bundles.ts';
import { type BenchmarkContext, createContext, type Progress } from './context.ts';
import { measureGrowth } from './growth.ts';
import { startInfrastructure } from './infrastructure.ts';
import { measureInTurn, type Pace } from './measurement.ts';
import { operationKinds, tradepostSide } from './operations.ts';
import type { Options } from './options.ts';
import { type Results, resultOf } from './results.ts';
import { makeScratch, removeScratch } from './scratch.ts';
import { overload, soak } from './soak.ts';
import { countStatements } from './statements.ts';

type RunResults = Omit<Results, 'machine' | 'command' | 'startedAt' | 'tookSeconds'>;

const paceOf = ({ quick, seconds }: Options): Pace =>
  quick
    ? { warmUpMs: 500, durationMs: 1500, repetitions: 1 }
    : { warmUpMs: 5000, durationMs: seconds * 1000, repetitions: 3 };

/** Starts everything, measures, and stops everything, also when it fails or `started` is disposed of by a signal. */
export async function runBenchmark(
  options: Options,
  started: AsyncDisposableStack,
  onProgress: Progress,
): Promise<RunResults> {
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
  const results: RunResults = {
    ...(await measureAtRest(context.deployment, infrastructure, {
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
  results.growth = await measureGrowth(options, context, { pace, onProgress: onProgress });
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
