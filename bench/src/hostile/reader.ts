// A thread: reads one product at a fixed rate until it is told to end, and tells the latencies.
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import { Agent, request } from 'undici';

/** `p99` in milliseconds. */
export type Latencies = { p99: number; failed: number };

const READS_PER_SECOND = 50;
/** So many clients, each with an address of its own, stay within the rate of an address. */
const CLIENTS = 100;

const { url }: { url: string } = workerData;
// The clients that read and the one that attacks share the services, but no connection.
const dispatcher = new Agent({ connections: 4 });
const latencies: number[] = [];
const running = new Set<Promise<void>>();
let failed = 0;
let isOver = false;

async function readOnce(n: number): Promise<number> {
  const startedAt = performance.now();
  const headers = { 'x-forwarded-for': `203.0.113.${n % CLIENTS}` };
  const { statusCode, body } = await request(url, { dispatcher, headers });
  await body.dump();
  if (statusCode !== 200) throw new Error(`GET ${url} answered ${statusCode}`);
  return performance.now() - startedAt;
}

if (parentPort) {
  const ended = once(parentPort, 'message').then(() => {
    isOver = true;
  });
  for (let n = 0; !isOver; n++) {
    const one: Promise<void> = readOnce(n)
      .then((ms) => void latencies.push(ms))
      .catch(() => void failed++)
      .finally(() => running.delete(one));
    running.add(one);
    await sleep(1000 / READS_PER_SECOND);
  }
  await ended;
  await Promise.all(running);
  latencies.sort((a, b) => a - b);
  const result: Latencies = { p99: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN, failed };
  parentPort.postMessage(result);
}
