import { type ChildProcess, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '@tradepost/testing/until';

/** The four services as separate processes, as a cluster would run them, on databases and a broker that are given. */
export type Deployment = {
  /** Where a shopper would go. */
  gatewayUrl: string;
  /** Every instance, by name: `order-1`. */
  instances: ReadonlyMap<string, Instance>;
  /** Where what the processes wrote is kept while the test runs. */
  logs: string;
  stop(): Promise<void>;
};

export type Instance = {
  name: string;
  service: ServiceName;
  url: string;
  managementUrl: string;
  start(): void;
  /** Resolves once `/readyz` says so. */
  ready(): Promise<void>;
  /** Sends the signal and waits for the process to end; answers its exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  isRunning(): boolean;
};

export const serviceNames = ['auth', 'product', 'order', 'api-gateway'] as const;
export type ServiceName = (typeof serviceNames)[number];

const root = path.resolve(import.meta.dirname, '../..');

export async function deploy(o: {
  databaseUrls: Record<ServiceName, string>;
  brokerUrl: string;
  /** How many instances of each; one unless said. */
  replicas?: Partial<Record<ServiceName, number>>;
  env?: Record<string, string>;
}): Promise<Deployment> {
  const logs = mkdtempSync(path.join(tmpdir(), 'tradepost-e2e-'));
  const counts = { auth: 1, product: 1, order: 1, 'api-gateway': 1, ...o.replicas };
  const plan: { service: ServiceName; name: string; port: number; managementPort: number }[] = [];
  for (const service of serviceNames) {
    for (let n = 1; n <= counts[service]; n++) {
      const [port, managementPort] = [await freePort(), await freePort()];
      plan.push({ service, name: `${service}-${n}`, port, managementPort });
    }
  }
  const urls = (service: ServiceName) =>
    plan.filter((entry) => entry.service === service).map((entry) => `http://127.0.0.1:${entry.port}`);
  const shared = {
    HOST: '127.0.0.1',
    LOG_LEVEL: 'warn',
    SHUTDOWN_DELAY_MS: '500',
    BROKER_URL: o.brokerUrl,
    AUTH_SECRET: 'end-to-end-tests-only-0123456789abcdef',
    ...o.env,
  };
  const instances = new Map<string, Instance>();
  for (const { service, name, port, managementPort } of plan) {
    const env = {
      ...shared,
      DATABASE_URL: o.databaseUrls[service],
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      // A service asks the first instance of another; the gateway spreads over all.
      AUTH_URL: service === 'api-gateway' ? urls('auth').join(',') : (urls('auth')[0] ?? ''),
      PRODUCT_URL: service === 'api-gateway' ? urls('product').join(',') : (urls('product')[0] ?? ''),
      ORDER_URL: urls('order').join(','),
    };
    instances.set(name, instance({ service, name, port, managementPort, env, logs }));
  }
  await Promise.all(serviceNames.map((service) => migrate(service, o.databaseUrls[service], shared)));
  for (const one of instances.values()) one.start();
  try {
    await Promise.all([...instances.values()].map((one) => one.ready()));
  } catch (err) {
    // Their logs are kept: they say why.
    await Promise.all([...instances.values()].map((one) => one.end('SIGKILL')));
    throw err;
  }
  return {
    gatewayUrl: urls('api-gateway')[0] ?? '',
    instances,
    logs,
    async stop() {
      await Promise.all([...instances.values()].map((one) => one.end('SIGKILL')));
      await rm(logs, { recursive: true, force: true });
    },
  };
}

async function migrate(service: ServiceName, databaseUrl: string, shared: Record<string, string>): Promise<void> {
  const nowhere = 'http://127.0.0.1:1';
  const child = spawn(process.execPath, [path.join(root, 'services', service, 'src/migrate.ts')], {
    env: {
      ...shared,
      PATH: process.env.PATH,
      DATABASE_URL: databaseUrl,
      AUTH_URL: nowhere,
      PRODUCT_URL: nowhere,
      ORDER_URL: nowhere,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await ended(child);
  if (code !== 0) throw new Error(`The migrations of ${service} failed with exit code ${code}`);
}

function instance(o: {
  service: ServiceName;
  name: string;
  port: number;
  managementPort: number;
  env: Record<string, string>;
  logs: string;
}): Instance {
  let child: ChildProcess | undefined;
  const managementUrl = `http://127.0.0.1:${o.managementPort}`;
  const isRunning = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  return {
    name: o.name,
    service: o.service,
    url: `http://127.0.0.1:${o.port}`,
    managementUrl,
    isRunning,
    start() {
      const log = createWriteStream(path.join(o.logs, `${o.name}.log`), { flags: 'a' });
      child = spawn(process.execPath, [path.join(root, 'services', o.service, 'src/main.ts')], {
        env: { ...o.env, PATH: process.env.PATH },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout?.pipe(log, { end: false });
      child.stderr?.pipe(log, { end: false });
    },
    async ready() {
      await until(
        async () => {
          const response = await fetch(`${managementUrl}/readyz`);
          await response.body?.cancel();
          return response.status === 200;
        },
        { what: `${o.name} to be ready (see ${o.logs}/${o.name}.log)`, timeoutMs: 40_000 },
      );
    },
    async end(signal) {
      if (!child || !isRunning()) return child?.exitCode ?? null;
      const exit = ended(child);
      child.kill(signal);
      return exit;
    },
  };
}

const ended = (child: ChildProcess): Promise<number | null> =>
  new Promise((resolve, reject) => {
    child.once('exit', (code) => resolve(code));
    child.once('error', reject);
  });

/**
 * A port that nothing listens on. It lies below those that the system gives to outgoing connections: a service is to
 * find it free again after a restart.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(15_000, 32_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
