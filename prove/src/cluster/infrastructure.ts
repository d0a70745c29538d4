import { mkdir } from 'node:fs/promises';
import { type EmbeddedPostgres, startPostgres } from '@tradepost/postgres/embedded';
import { type ServiceName, serviceNames } from '@tradepost/testing/deployment';
import { isRabbitInstalled, startPrivateRabbitCluster } from '@tradepost/testing/private-rabbit';
import type { RabbitNode } from '@tradepost/testing/rabbit-node';
import type { Logger } from 'pino';
import { databaseFolder } from './run-folder.ts';

/** What the services stand on: a database for each, and a broker. */
export type Infrastructure = {
  databaseUrls: Record<ServiceName, string>;
  /** Stops the server of a database as it is, without a word to anybody, and starts it again. */
  crashDatabase?: (service: ServiceName) => Promise<void>;
  /** The ports of the broker's nodes. */
  brokerPorts: readonly number[];
  /** What the names of queues and exchanges begin with. */
  namespace: string;
  /** The nodes, where they may be stopped. */
  nodes: readonly RabbitNode[];
  stop(): Promise<void>;
};

/** More would not help: the four servers share a machine with everything else. */
const databaseSettings = { shared_buffers: '64MB', max_connections: '60' };

/** A PostgreSQL server for each database, and a cluster of three brokers, or one with a loud line. */
export async function startInfrastructure(o: {
  folder: string;
  log: Logger;
  warn: (text: string) => void;
}): Promise<Infrastructure> {
  if (!(await isRabbitInstalled())) {
    throw new Error('RabbitMQ is not installed here. It is a package of Debian: apt-get install rabbitmq-server');
  }
  const broker = startBroker(o.warn);
  broker.catch(() => undefined);
  const servers = new Map<ServiceName, EmbeddedPostgres>();
  const stop = async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    await broker.then((cluster) => cluster.stop()).catch(() => undefined);
  };
  try {
    const start = async (service: ServiceName) => {
      const directory = databaseFolder(o.folder, service);
      await mkdir(directory, { recursive: true });
      const server = await startPostgres({ directory, log: o.log, settings: databaseSettings });
      servers.set(service, server);
      await server.createDatabase('tradepost');
      return server.url('tradepost');
    };
    const urls = await Promise.all(serviceNames.map(async (service) => [service, await start(service)] as const));
    const { nodes } = await broker;
    return {
      // as: it has the keys of `serviceNames`.
      databaseUrls: Object.fromEntries(urls) as Record<ServiceName, string>,
      crashDatabase: async (service) => servers.get(service)?.restart('immediate'),
      brokerPorts: nodes.map((node) => node.port),
      namespace: 'tradepost',
      nodes,
      stop,
    };
  } catch (err) {
    await stop();
    throw err;
  }
}

async function startBroker(warn: (text: string) => void) {
  try {
    return await startPrivateRabbitCluster(3);
  } catch (err) {
    warn(`A CLUSTER OF THREE BROKERS DID NOT START, SO THERE IS ONE ONLY, AND ITS LOSS IS AN OUTAGE (${String(err)})`);
    return startPrivateRabbitCluster(1);
  }
}
