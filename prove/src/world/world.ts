import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createPool, type Pool } from '@tradepost/postgres/pool';
import { type Deployment, deploy, type Instance, type ServiceName, serviceNames } from '@tradepost/testing/deployment';
import type { Logger } from 'pino';
import { Connection } from 'rabbitmq-client';
import { type FrontDoor, openFrontDoor } from './front-door.ts';
import type { Ground } from './ground.ts';
import { type Link, openLink } from './link.ts';
import { openTamper, type Tamper } from './tamper.ts';
import { openTap, type Tap } from './tap.ts';

/** All of Tradepost as processes, with a link between any two parts of it. */
export type World = {
  ground: Ground;
  deployment: Deployment;
  links: Links;
  /** Where shoppers go. */
  gatewayUrl: string;
  /** Past the links, for the auditor alone. */
  pools: Record<ServiceName, Pool>;
  /** Hears every event. */
  tap: Tap;
  /** Doubles and reorders events. */
  tamper: Tamper;
  stop(): Promise<void>;
};

/** The links, by what they lead to. */
export type Links = { databases: Link[]; broker: Link[]; services: Link[]; clients: Link[] };

export type WorldOptions = {
  ground: Ground;
  folder: string;
  log: Logger;
  replicas: number;
  /** The file that is run for a service, if not its own. */
  entry?: ((service: ServiceName) => string[] | undefined) | undefined;
  /** Before the services start and after their databases were migrated. */
  prepare?: ((pools: Record<ServiceName, Pool>) => Promise<void>) | undefined;
};

/** One address sends everything that a town full of shoppers would: no rates are limited here. */
const env = {
  SHUTDOWN_DELAY_MS: '1500',
  RATE_LIMIT_ADDRESS: 'off',
  RATE_LIMIT_IDENTITY: 'off',
  RATE_LIMIT_SIGN_IN: 'off',
  SIGN_UPS_PER_ADDRESS: '0',
};

/** What has not closed by then, as a connection to a broker that is away, ends with this process. */
const CLOSE_MS = 5000;

type Closing = (() => Promise<unknown>)[];

/** Starts the services on `ground`, as `replicas` processes each, and resolves when all are ready. */
export async function openWorld(o: WorldOptions): Promise<World> {
  const closing: Closing = [];
  const stop = async () => {
    for (const close of closing.toReversed()) await Promise.race([close(), sleep(CLOSE_MS, undefined, { ref: false })]);
  };
  try {
    return { ...(await build(o, closing)), stop };
  } catch (err) {
    await stop();
    throw err;
  }
}

/** Opens one part after the other, and adds how to close it. */
async function build(o: WorldOptions, closing: Closing): Promise<Omit<World, 'stop'>> {
  const { ground, log } = o;
  const link = async (name: string, port: number) => {
    const opened = await openLink(name, () => [{ port }]);
    closing.push(opened.close);
    return opened;
  };
  const pools = openPools(ground, log);
  closing.push(() => Promise.all(Object.values(pools).map((pool) => pool.end())));
  const links: Links = { databases: [], broker: [], services: [], clients: [] };
  const databaseUrls = { ...ground.databaseUrls };
  for (const service of serviceNames) {
    const url = new URL(databaseUrls[service]);
    const opened = await link(`${service}-db`, Number(url.port));
    links.databases.push(opened);
    databaseUrls[service] = Object.assign(url, { port: String(opened.port) }).href;
  }
  for (const [n, port] of ground.brokerPorts.entries()) links.broker.push(await link(`rabbitmq-${n + 1}`, port));
  const broker = connectBroker(ground, log);
  closing.push(() => broker.close());
  const tap = await openTap(broker, ground.namespace, log);
  closing.push(tap.close);
  const deployment = await deployThrough(o, { links, databaseUrls, link, pools });
  closing.push(deployment.stop);
  const front: FrontDoor = await openFrontDoor(deployment.instancesOf('api-gateway'));
  closing.push(front.close);
  links.clients.push(front.link);
  const tamper = openTamper(broker, ground.namespace, log);
  return { ground, deployment, links, gatewayUrl: front.url, pools, tap, tamper };
}

/** Starts the processes, each behind a link of its own; the gateways stand behind the front door. */
async function deployThrough(
  o: WorldOptions,
  {
    links,
    databaseUrls,
    link,
    pools,
  }: Pick<World, 'links' | 'pools'> & {
    databaseUrls: Record<ServiceName, string>;
    link: (name: string, port: number) => Promise<Link>;
  },
): Promise<Deployment> {
  const logs = path.join(o.folder, 'logs');
  await mkdir(logs, { recursive: true });
  return deploy({
    databaseUrls,
    brokerUrl: brokerUrl(links.broker, o.ground.namespace),
    replicas: Object.fromEntries(serviceNames.map((service) => [service, o.replicas])),
    env: { ...env, NODE_COMPILE_CACHE: path.join(o.folder, 'compile-cache') },
    logs,
    ...(o.entry ? { entry: o.entry } : {}),
    prepare: async () => o.prepare?.(pools),
    via: async ({ service, name, port }) => {
      if (service === 'api-gateway') return `http://127.0.0.1:${port}`;
      const opened = await link(name, port);
      links.services.push(opened);
      return `http://127.0.0.1:${opened.port}`;
    },
  });
}

/** The auditor's own connection, past the links. */
function connectBroker(ground: Ground, log: Logger): Connection {
  const broker = new Connection({
    hosts: ground.brokerPorts.map((port) => `127.0.0.1:${port}`),
    ...{ username: 'guest', password: 'guest', retryLow: 100, retryHigh: 1000 },
  });
  broker.on('error', (err) => log.warn({ err }, 'the auditor has no connection to the broker'));
  return broker;
}

function openPools(ground: Ground, log: Logger): Record<ServiceName, Pool> {
  const pools = serviceNames.map((service) => [
    service,
    createPool({ url: ground.databaseUrls[service], name: 'auditor', max: 4, statementTimeoutMs: 60_000, log }),
  ]);
  // as: it has the keys of `serviceNames`.
  return Object.fromEntries(pools) as Record<ServiceName, Pool>;
}

function brokerUrl(links: readonly Link[], namespace: string): string {
  const hosts = links.map(({ port }) => `amqp://guest:guest@127.0.0.1:${port}?namespace=${namespace}`);
  return hosts.join(',');
}

/** Resolves when every instance says that it is ready. */
export async function untilAllReady(instances: Iterable<Instance>): Promise<void> {
  await Promise.all([...instances].map((instance) => instance.ready()));
}
