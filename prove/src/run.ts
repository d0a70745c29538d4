import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { Agent, setGlobalDispatcher } from 'undici';
import { builtServices } from '../../images/built-services.ts';
import { type ChaosResult, runChaos } from './chaos-run.ts';
import { startCluster } from './cluster/cluster-harness.ts';
import { type Infrastructure, startInfrastructure } from './cluster/infrastructure.ts';
import { makeRunFolder } from './cluster/run-folder.ts';
import { allFaultKinds } from './faults/kinds.ts';
import { makePlan, type Plan } from './faults/plan.ts';
import { MOST_RATE, type Options, SHARE_OF_CAPACITY } from './options.ts';
import { createRandom } from './random.ts';
import { type Figures, figuresOf } from './report/figures.ts';
import { pageOf } from './report/page.ts';
import { progressWriter } from './report/progress-line.ts';
import { tableOf } from './report/table.ts';
import { bucketsOf } from './report/timeline.ts';
import { behaviours, provokedBy } from './sabotage/guards.ts';
import { sabotageOptions } from './sabotage/wiring.ts';
import type { Capacity } from './workload/capacity.ts';

/** Connections of all shoppers together: without a bound an outage has each of them open one more, until nothing else is done. */
const CONNECTIONS = 200;
const REPLICAS = 2;
const SHOPPERS = 40;
const LEAST_RATE = 0.2;
/** Where neither orders nor a duration are given; it decides how many units the articles with low stock have. */
const EXPECTED_ORDERS = 6000;
/** A guard that is switched off has so long to be missed, where no fault has to happen for that. */
const LEAST_SABOTAGED_MS = 30_000;
/** Longer than the longest of the leases that keep one instance from doing what another may be doing. */
const PATIENCE_MS = 75_000;
/** Shorter than the minute after which an order that got no answer is announced again, which heals what was lost. */
const SABOTAGED_PATIENCE_MS = 25_000;

/** Runs a result from the beginning to the end, and answers the exit code. */
export async function runProve(options: Options, signal: AbortSignal): Promise<number> {
  const runFolder = await makeRunFolder();
  const folder = runFolder.path;
  const log = pino({ level: 'warn' }, pino.destination({ dest: path.join(folder, 'prove.log'), sync: true }));
  setGlobalDispatcher(new Agent({ connections: CONNECTIONS }));
  let keep = true;
  let infrastructure: Infrastructure | undefined;
  try {
    console.log(`Seed ${options.seed}. Starting databases, brokers and services …`);
    infrastructure = await startInfrastructure({ folder, log, warn });
    signal.throwIfAborted();
    const { figures, result } = await runOnce(options, { folder, log, infrastructure, signal });
    console.log(`\n${tableOf(figures)}`);
    if (options.json) await writeFile(options.json, `${JSON.stringify(figures, undefined, 2)}\n`);
    if (options.report) {
      await writeFile(
        options.report,
        pageOf(figures, bucketsOf(result.requestLog.samples, result.moments, result.loadMs)),
      );
    }
    keep = figures.verdict === 'violated';
    return keep ? 1 : 0;
  } catch (err) {
    keep = !signal.aborted;
    if (!signal.aborted)
      console.error(`\nThe result could not be made: ${err instanceof Error ? err.message : String(err)}`);
    else console.log('\nStopped.');
    return signal.aborted ? 130 : 2;
  } finally {
    await infrastructure?.stop();
    if (!keep) await runFolder.remove();
    else {
      await runFolder.keep();
      console.log(`\nKept for whoever looks into it: the databases in ${folder}/postgres, the logs in ${folder}/logs`);
    }
  }
}

type RunEnvironment = { folder: string; log: Logger; infrastructure: Infrastructure; signal: AbortSignal };

async function runOnce(
  options: Options,
  { folder, log, infrastructure, signal }: RunEnvironment,
): Promise<{ figures: Figures; result: ChaosResult }> {
  const random = createRandom(options.seed);
  const cluster = await startCluster({
    infrastructure,
    folder,
    log,
    bundles: await builtServices(),
    replicas: REPLICAS,
    ...sabotageOptions(options.sabotage ? [options.sabotage] : []),
  });
  try {
    signal.throwIfAborted();
    const { orders, rate = chooseRate } = options;
    const behaviour = options.sabotage && behaviours[options.sabotage];
    const result = await unlessAborted(
      signal,
      runChaos({
        ...{ cluster, random, rate, orders, signal, shoppers: SHOPPERS, bans: true, behaviour },
        expectedOrders: orders ?? EXPECTED_ORDERS,
        planFor: (chosen) => planOf(options, infrastructure, chosen),
        patienceMs: options.sabotage ? SABOTAGED_PATIENCE_MS : PATIENCE_MS,
        onProgress: progressWriter(process.stdout),
      }),
    );
    return { figures: figures(options, result), result };
  } finally {
    await cluster.stop();
  }
}

/** A share of the capacity, in tenths, so that it can be given by `--rate` again. */
const chooseRate = ({ visitsPerSecond }: Capacity): number =>
  Math.max(LEAST_RATE, Math.min(MOST_RATE, Math.round(visitsPerSecond * SHARE_OF_CAPACITY * 10) / 10));

/** Rejects as soon as the signal is aborted, whatever becomes of the work: what it works with is about to be stopped. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, aborted]);
}

function planOf(options: Options, infrastructure: Infrastructure, rate: number): Plan {
  const { orders, sabotage } = options;
  const byOrders = orders === undefined ? undefined : (orders / rate) * 1000;
  const durationMs = options.durationMs ?? byOrders ?? (sabotage ? LEAST_SABOTAGED_MS : undefined);
  const surroundings = { replicas: REPLICAS, brokerNodes: infrastructure.nodes.length };
  const random = createRandom(options.seed).fork('plan');
  const faults = options.faults ?? (sabotage ? provokedBy[sabotage] : allFaultKinds);
  return makePlan(random, faults, { ...surroundings, durationMs });
}

function warn(text: string): void {
  console.error(`\n!!! ${text}\n`);
}

function figures(options: Options, result: ChaosResult): Figures {
  const [cpu] = cpus();
  return figuresOf({
    ...{ requestLog: result.requestLog, injected: result.injected, findings: result.findings },
    ...{ ends: result.ends, decidedMs: result.decidedMs, mails: result.mails },
    accepted: result.requestLog.acknowledged.size,
    run: {
      ...{ seed: options.seed, sabotage: options.sabotage ?? null },
      ...{ rate: result.load.rate, capacity: result.load.capacity?.visitsPerSecond ?? null },
      seconds: Math.round(result.loadMs / 1000),
      machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
      command: ['npm run prove --', ...process.argv.slice(2)].join(' '),
    },
  });
}
