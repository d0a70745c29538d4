import { writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { type Logger, pino } from 'pino';
import { Agent, setGlobalDispatcher } from 'undici';
import { allFaultKinds } from './faults/kinds.ts';
import { makePlan, type Plan } from './faults/plan.ts';
import type { Options } from './options.ts';
import { type Going, type Proof, proveIt } from './prove.ts';
import { createRandom } from './random.ts';
import { lineOf } from './report/bar.ts';
import { type Figures, figuresOf } from './report/figures.ts';
import { pageOf } from './report/page.ts';
import { tableOf } from './report/table.ts';
import { bucketsOf } from './report/timeline.ts';
import { appetites, provokedBy } from './sabotage/guards.ts';
import { wiring } from './sabotage/wiring.ts';
import { makeRunFolder } from './world/folder.ts';
import { type Ground, openGround } from './world/ground.ts';
import { openWorld } from './world/world.ts';

/** Connections of all shoppers together: without a bound an outage has each of them open one more, until nothing else is done. */
const CONNECTIONS = 200;
const REPLICAS = 2;
const SHOPPERS = 40;
/** Longer than the longest of the leases that keep one instance from doing what another may be doing. */
const PATIENCE_MS = 75_000;
/** Shorter than the minute after which an order that got no answer is announced again, which heals what was lost. */
const SABOTAGED_PATIENCE_MS = 25_000;

/** Runs a proof from the beginning to the end, and answers the exit code. */
export async function run(options: Options, signal: AbortSignal): Promise<number> {
  const runFolder = await makeRunFolder();
  const folder = runFolder.path;
  const log = pino({ level: 'warn' }, pino.destination({ dest: path.join(folder, 'prove.log'), sync: true }));
  setGlobalDispatcher(new Agent({ connections: CONNECTIONS }));
  let keep = true;
  let ground: Ground | undefined;
  try {
    console.log(`Seed ${options.seed}. Starting databases, brokers and services …`);
    ground = await openGround({ folder, log, warn });
    signal.throwIfAborted();
    const { figures, proof } = await prove(options, { folder, log, ground, signal });
    console.log(`\n${tableOf(figures)}`);
    if (options.json) await writeFile(options.json, `${JSON.stringify(figures, undefined, 2)}\n`);
    if (options.report) {
      await writeFile(options.report, pageOf(figures, bucketsOf(proof.journal.samples, proof.moments, proof.loadMs)));
    }
    keep = figures.verdict === 'violated';
    return keep ? 1 : 0;
  } catch (err) {
    keep = !signal.aborted;
    if (!signal.aborted)
      console.error(`\nThe proof could not be made: ${err instanceof Error ? err.message : String(err)}`);
    else console.log('\nStopped.');
    return signal.aborted ? 130 : 2;
  } finally {
    await ground?.stop();
    if (!keep) await runFolder.remove();
    else {
      await runFolder.keep();
      console.log(`\nKept for whoever looks into it: the databases in ${folder}/postgres, the logs in ${folder}/logs`);
    }
  }
}

type Surroundings = { folder: string; log: Logger; ground: Ground; signal: AbortSignal };

async function prove(
  options: Options,
  { folder, log, ground, signal }: Surroundings,
): Promise<{ figures: Figures; proof: Proof }> {
  const random = createRandom(options.seed);
  const world = await openWorld({ ground, folder, log, replicas: REPLICAS, ...wiring(options.sabotage) });
  const { rate } = options;
  try {
    signal.throwIfAborted();
    const plan = planOf(options, ground);
    const orders = options.orders ?? Math.ceil((plan.durationMs / 1000) * rate);
    tellPlan(plan, orders, rate);
    const proof = await unlessAborted(
      signal,
      proveIt({
        ...{ world, random, plan, rate, orders, signal },
        ...{
          shoppers: SHOPPERS,
          patienceMs: options.sabotage ? SABOTAGED_PATIENCE_MS : PATIENCE_MS,
          tell: teller(plan),
          appetite: options.sabotage && appetites[options.sabotage],
        },
      }),
    );
    return { figures: figures(options, proof), proof };
  } finally {
    await world.stop();
  }
}

/** Rejects as soon as the signal is aborted, whatever becomes of the work: what it works with is about to be stopped. */
function unlessAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([work, aborted]);
}

function planOf(options: Options, ground: Ground): Plan {
  const { orders, rate } = options;
  const wantedMs = options.durationMs ?? (orders === undefined ? undefined : (orders / rate) * 1000);
  const surroundings = { replicas: REPLICAS, brokerNodes: ground.nodes.length };
  const random = createRandom(options.seed).fork('plan');
  const faults = options.faults ?? (options.sabotage ? provokedBy[options.sabotage] : allFaultKinds);
  return makePlan(random, faults, { ...surroundings, durationMs: wantedMs });
}

function tellPlan(plan: Plan, orders: number, rate: number): void {
  const seconds = Math.round(Math.max(plan.durationMs / 1000, orders / rate));
  console.log(
    `${plan.faults.length} faults over about ${seconds} s, while ${orders.toLocaleString('en')} orders are placed, ${rate} a second`,
  );
}

/** On a terminal one line that goes on; elsewhere nothing until the end. */
function teller(plan: Plan): (going: Going) => void {
  const out = process.stdout;
  if (!out.isTTY) return () => {};
  return (going) => {
    const text = lineOf(going, plan.faults.length).slice(0, (out.columns ?? 80) - 1);
    out.write(`\r\u001b[K${text}`);
  };
}

function warn(text: string): void {
  console.error(`\n!!! ${text}\n`);
}

function figures(options: Options, proof: Proof): Figures {
  const [cpu] = cpus();
  return figuresOf({
    ...{ journal: proof.journal, happened: proof.happened, findings: proof.findings },
    ...{ ends: proof.ends, decidedMs: proof.decidedMs },
    accepted: proof.purchases.filter(({ orderId }) => orderId !== undefined).length,
    run: {
      ...{ seed: options.seed, rate: options.rate, sabotage: options.sabotage ?? null },
      seconds: Math.round(proof.loadMs / 1000),
      machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`,
      command: ['npm run prove --', ...process.argv.slice(2)].join(' '),
    },
  });
}
