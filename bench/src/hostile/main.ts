// Measures what one hostile client does to the others: latencies of product reads without it and beside it, and the memory of the
// process. Run it against a shop of your own: `npm start`, then
//   node tools/run.mjs bench/src/hostile/main.ts --pid <process> [--url http://127.0.0.1:8080] [--megabytes 300] [--only text]
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Agent, fetch, request } from 'undici';
import { hostileRequests } from './requests.ts';
import { uploads } from './uploads.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:8080' },
    pid: { type: 'string' },
    megabytes: { type: 'string', default: '300' },
    only: { type: 'string' },
  },
});
const url = values.url;
if (!['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname))
  throw new Error('Only a shop on this machine');

/** The service that a client shares with others, the one that reads and the one that attacks, have connections of their own. */
const reader = new Agent({ connections: 4 });
const attacker = new Agent({ connections: 2000, bodyTimeout: 0, headersTimeout: 0 });
const READS_PER_SECOND = 50;

type Attack = { name: string; run: (signal: AbortSignal) => Promise<string> };

async function tokenOf(account: string): Promise<string> {
  const response = await fetch(`${url}/api/v1/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: `${account}@tradepost.example`, password: 'tradepost-demo' }),
  });
  // as: the answer of signing in.
  return ((await response.json()) as { token: string }).token;
}

async function readOne(path: string): Promise<number> {
  const before = performance.now();
  const { statusCode, body } = await request(url + path, { dispatcher: reader });
  await body.dump();
  if (statusCode !== 200) throw new Error(`GET ${path} answered ${statusCode}`);
  return performance.now() - before;
}

/** Latencies of reads at a fixed rate while `isOver` is false, and how many failed. */
async function readWhile(path: string, isOver: () => boolean): Promise<{ p50: number; p99: number; failed: number }> {
  const latencies: number[] = [];
  const running = new Set<Promise<void>>();
  let failed = 0;
  while (!isOver()) {
    const one: Promise<void> = readOne(path)
      .then((ms) => void latencies.push(ms))
      .catch(() => void failed++)
      .finally(() => running.delete(one));
    running.add(one);
    await sleep(1000 / READS_PER_SECOND);
  }
  await Promise.all(running);
  latencies.sort((a, b) => a - b);
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p99: at(0.99), failed };
}

function residentMiB(): number {
  if (!values.pid) return Number.NaN;
  const kib = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${values.pid}/status`, 'utf8'))?.[1];
  return Number(kib) / 1024;
}

async function measure(attack: Attack, path: string): Promise<string> {
  const baselineEnd = performance.now() + 15_000;
  const without = await readWhile(path, () => performance.now() > baselineEnd);
  const before = residentMiB();
  let [most, isOver] = [before, false];
  const outcome = attack
    .run(AbortSignal.timeout(280_000))
    .catch((err) => `failed: ${err instanceof Error ? err.message : String(err)}`)
    .finally(() => (isOver = true));
  const watch = setInterval(() => (most = Math.max(most, residentMiB())), 100);
  const attackEnd = performance.now() + 15_000;
  const beside = await readWhile(path, () => isOver && performance.now() > attackEnd);
  clearInterval(watch);
  const ratio = (beside.p99 / without.p99).toFixed(1);
  const columns = [
    attack.name,
    `${without.p99.toFixed(0)} ms`,
    `${beside.p99.toFixed(0)} ms`,
    ratio,
    String(beside.failed),
  ];
  return `| ${[...columns, `+${(most - before).toFixed(0)} MiB`, await outcome].join(' | ')} |`;
}

async function importOf(upload: (typeof uploads)[number], token: string, signal: AbortSignal): Promise<string> {
  const { statusCode, body } = await request(`${url}/api/v1/products/imports`, {
    ...{ method: 'POST', dispatcher: attacker, signal },
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': upload.contentType,
      ...(upload.encoding ? { 'content-encoding': upload.encoding } : {}),
    },
    body: upload.body(Number(values.megabytes) * 1024 * 1024),
  });
  return `${statusCode} ${(await body.text()).slice(0, 90)}`;
}

const [seller, customer] = [await tokenOf('seller'), await tokenOf('customer')];
const { items } = (await (await fetch(`${url}/api/v1/products?limit=1`)).json()) as { items: { slug: string }[] };
const attacks: Attack[] = [
  ...uploads.map((one) => ({
    name: `import: ${one.name}`,
    run: (signal: AbortSignal) => importOf(one, seller, signal),
  })),
  ...hostileRequests(url, attacker, { seller, customer }),
].filter(({ name }) => !values.only || name.includes(values.only));

console.log('| attack | p99 without | p99 beside it | ratio | reads failed | memory | its answer |');
console.log('| --- | --- | --- | --- | --- | --- | --- |');
for (const attack of attacks) console.log(await measure(attack, `/api/v1/products/${items[0]?.slug}`));
process.exit(0);
