import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '@tradepost/testing/until';
import { Agent, request } from 'undici';
import { afterEach, expect, test, vi } from 'vitest';
import { startGateway, type TestGateway } from './gateway.ts';

type Instance = { url: string; process: ChildProcess };

const instances: Instance[] = [];
let gateway: TestGateway;

/** They start several processes, which on a busy machine takes its time. */
vi.setConfig({ testTimeout: 120_000 });

afterEach(async () => {
  await gateway.stop();
  for (const { process } of instances.splice(0)) process.kill('SIGKILL');
});

async function startInstance(port = 0): Promise<Instance> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./upstream-process.ts', import.meta.url))], {
    env: {
      HOST: '127.0.0.1',
      PORT: String(port),
      MANAGEMENT_PORT: '0',
      // It needs neither: nothing listens there.
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
      BROKER_URL: 'amqp://127.0.0.1:1',
      SHUTDOWN_DELAY_MS: '500',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line);
    if (msg === 'listening') {
      child.stdout.resume();
      const instance = { url, process: child };
      instances.push(instance);
      await until(async () => (await fetch(`${url}/api/v1/orders/1`)).status === 200);
      return instance;
    }
  }
  throw new Error('The instance ended before it listened');
}

type Load = { answers: Map<number, number>; failures: string[]; done: number; stop(): Promise<void> };

/** Keeps 16 clients busy with requests that change nothing, that may be repeated, and, if asked for, that may not. */
function startLoad(url: string, o: { notIdempotent: boolean }): Load {
  const dispatcher = new Agent({ connections: 16 });
  const load: Load = {
    answers: new Map(),
    failures: [],
    done: 0,
    async stop() {
      running = false;
      await Promise.all(clients);
      await dispatcher.close();
    },
  };
  let running = true;
  const one = async (n: number): Promise<void> => {
    const kind = o.notIdempotent ? n % 3 : n % 2;
    const { statusCode, body } =
      kind === 0
        ? await request(`${url}/api/v1/orders/1`, { dispatcher })
        : await request(`${url}/api/v1/orders`, {
            method: 'POST',
            body: '{}',
            headers: { 'content-type': 'application/json', ...(kind === 1 && { 'idempotency-key': `key-${n}` }) },
            dispatcher,
          });
    const text = await body.text();
    load.done += 1;
    if (statusCode !== 200) load.failures.push(`${kind === 0 ? 'GET' : 'POST'} ${statusCode} ${text}`);
    else load.answers.set(JSON.parse(text).pid, load.done);
  };
  const clients = Array.from({ length: 16 }, async (_, client) => {
    for (let n = client; running; n += 16) await one(n).catch((error) => load.failures.push(String(error)));
  });
  return load;
}

const more = (load: Load, count: number) => {
  const from = load.done;
  return until(() => load.done >= from + count);
};

test('an instance that gets SIGTERM under load fails no request of any kind', async () => {
  const [first, second] = await Promise.all([startInstance(), startInstance()]);
  gateway = await startGateway({ ORDER_URL: `${first.url},${second.url}` });
  const load = startLoad(gateway.url, { notIdempotent: true });
  await more(load, 500);
  const exited = once(first.process, 'exit');
  first.process.kill('SIGTERM');
  const [code] = await exited;
  await more(load, 500);
  // And the way back, on the same address.
  const third = await startInstance(Number(new URL(first.url).port));
  await until(() => load.answers.has(third.process.pid ?? 0));
  await more(load, 500);
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(code).toBe(0);
  expect(load.answers.size).toBe(3);
});

test('an instance that is killed under load costs no request that may be repeated', async () => {
  const [first, second] = await Promise.all([startInstance(), startInstance()]);
  gateway = await startGateway({ ORDER_URL: `${first.url},${second.url}` });
  const load = startLoad(gateway.url, { notIdempotent: false });
  for (let round = 0, victim = first; round < 3; round++) {
    await more(load, 300);
    const exited = once(victim.process, 'exit');
    victim.process.kill('SIGKILL');
    await exited;
    await more(load, 300);
    victim = await startInstance(Number(new URL(victim.url).port));
    const { pid = 0 } = victim.process;
    await until(() => load.answers.has(pid));
  }
  await load.stop();
  expect(load.failures).toEqual([]);
  expect(load.answers.size).toBe(5);
});
