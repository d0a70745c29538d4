import { measureAtRest, watchMemory } from './at-rest.ts';
import { measureCells } from './cells.ts';
import { type BenchmarkContext, createContext, type Progress } from './context.ts';
import { countedKinds, countPurchases } from './counts.ts';
import { measureGrowth } from './growth.ts';
import { startInfrastructure } from './infrastructure.ts';
import { measureInTurn, type Pace } from './measurement.ts';
import { type OperationKind, operationKinds, tradepostSide } from './operations.ts';
import type { KindName, Options } from './options.ts';
import { measurePeers } from './peers/measure.ts';
import type { PeerResult } from './peers/table.ts';
import { type OperationResult, type Results, resultOf } from './results.ts';
import { makeScratch, removeScratch } from './scratch.ts';
import { overload, soak } from './soak.ts';

export type RunResults = Omit<Results, 'machine' | 'command' | 'startedAt' | 'tookSeconds'>;
export type Observer = {
  onProgress: Progress;
  /** Gets what there is whenever something has been added to it. */
  onResults: (results: RunResults) => void;
};

const paceOf = ({ quick, seconds }: Options): Pace =>
  quick
    ? { warmUpMs: 500, durationMs: 1500, repetitions: 1 }
    : { warmUpMs: 5000, durationMs: seconds * 1000, repetitions: 3 };

/** Starts everything, measures, and stops everything, also when it fails or `started` is disposed of by a signal. */
export async function runBenchmark(options: Options, started: AsyncDisposableStack, observer: Observer): Promise<void> {
  const { onProgress } = observer;
  const size = { products: options.products[0] ?? 1000, orders: options.orders[0] ?? 0 };
  const scratch = started.adopt(await makeScratch(), removeScratch);
  onProgress('bundling the services, and starting PostgreSQL and RabbitMQ');
  const { data: keep, tls, brokers } = options;
  const infrastructure = started.adopt(await startInfrastructure(scratch, { keep, tls, brokers }), (one) => one.stop());
  const context = await createContext(infrastructure, size, started, onProgress);
  const results: RunResults = { ...nothing(), pace: paceOf(options), ...size };
  if (await measureInstead(options, context, { results, observer })) return;
  const atRest = { times: options.quick ? 1 : 5, onProgress, quick: options.quick };
  Object.assign(results, await measureAtRest(context.deployment, infrastructure, atRest));
  const watch = watchMemory(context.deployment);
  try {
    await measureKinds(options, context, { results, observer });
  } finally {
    results.memoryMiB = watch.stop();
    observer.onResults(results);
  }
  results.growth = await measureGrowth(options, context, { pace: results.pace, onProgress });
  observer.onResults(results);
}

type Reporting = { results: RunResults; observer: Observer };

/** All kinds, each at its loads. One that fails says so, and the next is measured: its figures hold all the same. */
async function measureKinds(options: Options, context: BenchmarkContext, to: Reporting): Promise<void> {
  const { results, observer } = to;
  for (const kind of operationKinds.filter(({ name }) => options.only.includes(name))) {
    for (const connections of options.connections ?? kind.connections) {
      try {
        results.operations.push(await measureKind(kind, connections, { context, to }));
        if (kind.name === 'purchase' && results.counts.length === 0 && !options.quick) {
          observer.onProgress('counting what a purchase writes');
          results.counts.push(await countPurchases(context, kind.name, { connections, durationMs: COUNTED_MS }));
        }
      } catch (error) {
        if (context.started.disposed) throw error;
        failed(to, { kind: kind.name, connections, error });
      }
      observer.onResults(results);
    }
  }
}

function failed(
  { results, observer }: Reporting,
  { kind, connections, error }: { kind: KindName; connections: number; error: unknown },
): void {
  const text = error instanceof Error ? error.message : String(error);
  results.failures.push({ kind, connections, error: text.slice(0, MAX_ERROR) });
  observer.onProgress(`${kind} FAILED: ${text}`);
  observer.onResults(results);
}

const COUNTED_MS = 6_000;
const MAX_ERROR = 500;

async function measureKind(
  kind: OperationKind,
  connections: number,
  { context, to }: { context: BenchmarkContext; to: Reporting },
): Promise<OperationResult> {
  await using own = new AsyncDisposableStack();
  const baselines = await kind.baselines({ ...context, started: own }, connections);
  const { pace } = to.results;
  const figures = await measureInTurn([tradepostSide(kind, context, { connections }), ...baselines], pace, (side, n) =>
    to.observer.onProgress(`${kind.name}, ${connections} connections: ${side} (${n}/${pace.repetitions})`),
  );
  return resultOf(kind, connections, figures);
}

const nothing = () => ({
  ...{ coldStartMs: {}, liveMs: {}, referenceColdStartMs: {}, memoryMiB: {}, idleMemoryMiB: {}, ownMemoryMiB: {} },
  ...{ idleCpuMsPerSecond: {}, operations: [], failures: [], counts: [], growth: [] },
});

async function countInstead(options: Options, context: BenchmarkContext, { results, observer }: Reporting) {
  const { durationMs } = results.pace;
  for (const kind of countedKinds.filter((one) => options.only.includes(one))) {
    for (const connections of options.connections ?? [1, 16, 64]) {
      observer.onProgress(`counting what a ${kind} writes, ${connections} connections`);
      results.counts.push(await countPurchases(context, kind, { connections, durationMs }));
      observer.onResults(results);
    }
  }
}

async function measurePeersInstead(options: Options, context: BenchmarkContext, { results, observer }: Reporting) {
  const found: PeerResult[] = [];
  results.peers = found;
  await measurePeers(context, {
    ...{ only: options.only, connections: options.connections, pace: results.pace, onProgress: observer.onProgress },
    onResult: (result) => {
      found.push(result);
      observer.onResults(results);
    },
    onFailure: (kind, connections, error) => failed({ results, observer }, { kind, connections, error }),
  });
}

/** Measures what is asked for instead of the comparison; false if nothing is. */
async function measureInstead(options: Options, context: BenchmarkContext, to: Reporting): Promise<boolean> {
  const { results, observer } = to;
  const { onProgress } = observer;
  const { overload: isOverload, soak: minutes, counts, cells, peers } = options;
  if (minutes === undefined && !isOverload && !counts && !cells && !peers) return false;
  await context.shop.settled();
  if (isOverload) results.overload = await overload(context, onProgress);
  if (minutes !== undefined) results.soak = await soak(context, minutes, onProgress);
  if (counts) await countInstead(options, context, to);
  if (cells) {
    const connections = options.connections ?? [16, 64];
    results.cells = await measureCells(context, { connections, pace: results.pace, onProgress });
  }
  if (peers) await measurePeersInstead(options, context, to);
  observer.onResults(results);
  return true;
}
