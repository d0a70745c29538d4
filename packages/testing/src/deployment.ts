import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { migrate } from '@tradepost/postgres/migrate';
import { pino } from 'pino';
import { freePort } from './free-port.ts';
import {
  createInstance,
  type Instance,
  type InstanceAddress,
  type ServiceName,
  serviceNames,
} from './service-instance.ts';

export { type Instance, type ServiceName, serviceNames } from './service-instance.ts';

/** The services as separate processes, as a cluster would run them, on databases and a broker that are given. */
export type Deployment = {
  /** Every instance, by name: `order-1`. */
  instances: ReadonlyMap<string, Instance>;
  /** Those of one service. */
  instancesOf(service: ServiceName): Instance[];
  /** Where what the processes wrote is kept while they run. */
  logs: string;
  /** Kills all of them. */
  stop(): Promise<void>;
};

export type DeploymentOptions = {
  databaseUrls: Record<ServiceName, string>;
  brokerUrl: string;
  /** How many instances of each; one unless said. */
  replicas?: Partial<Record<ServiceName, number>>;
  env?: Record<string, string>;
  /** Settings of one instance, over those of all. */
  envOf?: (place: InstanceAddress) => Record<string, string>;
  /** An existing folder for the logs, which is left alone; by default a new one, removed by `stop`. */
  logs?: string;
  /** Where others find an instance, if not at its own port: something in between. */
  via?: (place: InstanceAddress) => Promise<string>;
  /** The program of a service, and its arguments. */
  program: (service: ServiceName) => string[];
  /** Called once the databases are migrated, before anything starts. */
  prepare?: () => Promise<void>;
};

const shared = {
  HOST: '127.0.0.1',
  LOG_LEVEL: 'warn',
  SHUTDOWN_DELAY_MS: '500',
  AUTH_SECRET: 'end-to-end-tests-only-0123456789abcdef',
  MAIL_KEY: 'end-to-end-tests-only-0123456789abcdef',
};

/** Migrates the databases, starts the instances and resolves when all are ready. */
export async function deploy(o: DeploymentOptions): Promise<Deployment> {
  const logs = o.logs ?? mkdtempSync(path.join(tmpdir(), 'tradepost-e2e-'));
  const places = await choosePlaces(o.replicas ?? {});
  const urls = new Map<InstanceAddress, string>();
  for (const place of places) urls.set(place, (await o.via?.(place)) ?? `http://127.0.0.1:${place.port}`);
  const urlsOf = (service: ServiceName) => places.filter((p) => p.service === service).map((p) => urls.get(p) ?? '');
  const instances = new Map<string, Instance>();
  for (const place of places) {
    const { service, port, managementPort } = place;
    // A service asks the first instance of another; the gateway spreads over all.
    const seen = (of: ServiceName) => (service === 'api-gateway' ? urlsOf(of).join(',') : (urlsOf(of)[0] ?? ''));
    const env = {
      ...shared,
      ...o.env,
      ...o.envOf?.(place),
      BROKER_URL: o.brokerUrl,
      DATABASE_URL: o.databaseUrls[service],
      PORT: String(port),
      MANAGEMENT_PORT: String(managementPort),
      AUTH_URL: seen('auth'),
      PRODUCT_URL: seen('product'),
      ORDER_URL: seen('order'),
      NOTIFICATION_URL: seen('notification'),
    };
    instances.set(place.name, createInstance({ place, program: o.program(service), env, logs }));
  }
  await Promise.all(serviceNames.map((service) => migrateDatabase(service, o.databaseUrls[service])));
  await o.prepare?.();
  const all = [...instances.values()];
  const killAll = () => Promise.all(all.map((one) => one.end('SIGKILL')));
  for (const one of all) one.start();
  try {
    await Promise.all(all.map((one) => one.ready()));
  } catch (err) {
    // Their logs are kept: they say why.
    await killAll();
    throw err;
  }
  return {
    instances,
    instancesOf: (service) => all.filter((one) => one.service === service),
    logs,
    async stop() {
      await killAll();
      if (!o.logs) await rm(logs, { recursive: true, force: true });
    },
  };
}

async function choosePlaces(replicas: Partial<Record<ServiceName, number>>): Promise<InstanceAddress[]> {
  const places: InstanceAddress[] = [];
  for (const service of serviceNames) {
    for (let n = 1; n <= (replicas[service] ?? 1); n++) {
      places.push({ service, name: `${service}-${n}`, port: await freePort(), managementPort: await freePort() });
    }
  }
  return places;
}

/** In this process, which costs a fraction of what a process for each service does. */
async function migrateDatabase(service: ServiceName, url: string): Promise<void> {
  const directory = new URL(`../../../services/${service}/migrations/`, import.meta.url);
  await migrate({ url, directory, log: pino({ level: 'silent' }) });
}
