import { randomUUID } from 'node:crypto';
import { type ServiceName, serviceNames } from '../../images/built-services.ts';
import { closedLoop } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';
import { type Connection, openConnection } from './http-client.ts';
import { type Interval, type Outcome, openLoop, type Phase } from './open-loop.ts';

/** One look at a system under load. */
export type Sample = Interval & {
  memoryMiB: Record<ServiceName, number>;
  /** Messages that are still to be published, and orders that are still to be decided. */
  outbox: number;
  unsettled: number;
};

/** What became of a load that arrives whether it can be served or not. */
export type LoadTestResult = {
  /** Purchases a second until paid, in a closed loop, just before. */
  capacity: number;
  phases: Phase[];
  samples: Sample[];
  accepted: number;
  /** Accepted orders that are not paid for at the end. */
  unpaid: number;
  shed: number;
  /** Refusals that do not say when to come again. */
  shedWithoutRetryAfter: number;
  failed: number;
  /** From the end of the load until everything was settled. */
  settledAfterSeconds: number;
};

const PROBE_MS = 6_000;
/** More than a service takes in at once: what is too much is for the system to refuse, not for its clients to hold back. */
const CONNECTIONS = 2_500;
const OVERLOAD_SECONDS = 30;

/** Purchases at four fifths of the capacity. */
export async function soak(
  context: BenchmarkContext,
  minutes: number,
  onProgress: (what: string) => void,
): Promise<LoadTestResult> {
  const capacity = await capacityOf(context, onProgress);
  const phases = [{ name: 'soak', rate: capacity * 0.8, seconds: minutes * 60 }];
  return runLoadTest(context, { capacity, phases, everyMs: 10_000, onProgress: onProgress });
}

/** Half of the capacity, three times the capacity, and half again. */
export async function overload(context: BenchmarkContext, onProgress: (what: string) => void): Promise<LoadTestResult> {
  const capacity = await capacityOf(context, onProgress);
  const calm = { rate: capacity / 2, seconds: OVERLOAD_SECONDS };
  const phases = [
    { name: 'before', ...calm },
    { name: 'overload', rate: capacity * 3, seconds: OVERLOAD_SECONDS },
    { name: 'after', ...calm },
  ];
  return runLoadTest(context, { capacity, phases, everyMs: 2_000, onProgress: onProgress });
}

/** As many at once as keep both cores busy: with few, what is found is how long one takes, and not how many there can be. */
const PROBES = 192;

async function capacityOf({ deployment, shop }: BenchmarkContext, onProgress: (what: string) => void): Promise<number> {
  onProgress('looking for the capacity');
  const load = { origin: deployment.gatewayUrl, connections: PROBES, operation: shop.purchase };
  await closedLoop(load, PROBE_MS);
  const { operations, seconds } = await closedLoop(load, PROBE_MS);
  await shop.settled();
  return operations / seconds;
}

async function runLoadTest(
  context: BenchmarkContext,
  o: { capacity: number; phases: Phase[]; everyMs: number; onProgress: (what: string) => void },
): Promise<LoadTestResult> {
  const { deployment, shop } = context;
  const connection = openConnection(deployment.gatewayUrl, CONNECTIONS);
  const found: LoadTestResult = { ...noughts, capacity: o.capacity, phases: o.phases, samples: [] };
  const paidBefore = await shop.paid();
  await openLoop({
    connection,
    phases: o.phases,
    everyMs: o.everyMs,
    request: (one) => place(context, one, found),
    async onInterval(interval) {
      const sample = { ...interval, memoryMiB: memoryOf(context), ...(await shop.backlog()) };
      found.samples.push(sample);
      found.failed += Math.round(interval.failed * secondsOf(found.samples));
      o.onProgress(describe(sample));
    },
  });
  const endedAt = performance.now();
  await connection.close();
  await shop.settled();
  found.settledAfterSeconds = (performance.now() - endedAt) / 1000;
  found.unpaid = found.accepted - ((await shop.paid()) - paidBefore);
  return found;
}

const noughts = { accepted: 0, unpaid: 0, shed: 0, shedWithoutRetryAfter: 0, failed: 0, settledAfterSeconds: 0 };

/** Places an order, and does not wait until it is paid for. */
async function place({ shop }: BenchmarkContext, connection: Connection, found: LoadTestResult): Promise<Outcome> {
  const { status, retryAfter } = await connection.ask(shop.order(randomUUID()));
  if (status === 201) {
    found.accepted++;
    return 'done';
  }
  if (status !== 503) return 'failed';
  found.shed++;
  if (retryAfter === undefined) found.shedWithoutRetryAfter++;
  return 'shed';
}

function memoryOf({ deployment }: BenchmarkContext): Record<ServiceName, number> {
  const entries = serviceNames.map((service) => [service, Math.round(deployment.memory(service))]);
  // as: the keys are the services.
  return Object.fromEntries(entries) as Record<ServiceName, number>;
}

/** How long the last stretch was. */
function secondsOf(samples: readonly Sample[]): number {
  const [before, last] = [samples.at(-2)?.atSeconds ?? 0, samples.at(-1)?.atSeconds ?? 0];
  return last - before;
}

function describe(sample: Sample): string {
  const number = (value: number) => (Number.isNaN(value) ? '–' : value.toFixed(0));
  return (
    `${sample.phase}, ${sample.atSeconds} s: ${number(sample.done)} accepted, ${number(sample.shed)} shed, ` +
    `${number(sample.failed)} failed a second; p50 ${number(sample.p50Ms)}, p99 ${number(sample.p99Ms)} ms; ` +
    `${sample.outbox} to publish, ${sample.unsettled} to settle`
  );
}
