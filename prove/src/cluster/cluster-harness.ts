import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from '@tradepost/postgres/pool';
import { type Deployment, deploy, type Instance, type ServiceName, serviceNames } from '@tradepost/testing/deployment';
import { unlimitedSettings } from '@tradepost/testing/unlimited';
import type { Logger } from 'pino';
import { programOf } from '../../../images/built-services.ts';
import { connectBroker, openPools } from './auditor-connections.ts';
import { type EventRecorder, recordEvents } from './event-recorder.ts';
import type { Infrastructure } from './infrastructure.ts';
import { type LoadBalancer, startLoadBalancer } from './load-balancer.ts';
import { type MailServer, startMailServer } from './mail-server.ts';
import { createMessageScrambler, type MessageScrambler } from './message-scrambler.ts';
import { openTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** All of Tradepost as processes, with a proxy between any two parts of it. */
export type Cluster = {
  infrastructure: Infrastructure;
  deployment: Deployment;
  proxies: TcpProxies;
  /** Where shoppers go. */
  gatewayUrl: string;
  /** Past the proxies, for the auditor alone. */
  pools: Record<ServiceName, Pool>;
  /** Hears every event. */
  recorder: EventRecorder;
  /** Takes the mails, and fails now and then. */
  mailServer: MailServer;
  /** Doubles and reorders events. */
  scrambler: MessageScrambler;
  stop(): Promise<void>;
};

/** The proxies, by what they lead to. */
export type TcpProxies = { databases: TcpProxy[]; broker: TcpProxy[]; services: TcpProxy[]; clients: TcpProxy[] };

export type ClusterOptions = {
  infrastructure: Infrastructure;
  folder: string;
  log: Logger;
  replicas: number;
  /** Settings of all services, beside those of every run. */
  settings?: Record<string, string> | undefined;
  /** The bundles of the services; see `images/built-services.ts`. */
  bundles: string;
  /** The program that is run for a service instead of its bundle, and its arguments. */
  program?: ((service: ServiceName) => string[] | undefined) | undefined;
  /** Before the services start and after their databases were migrated. */
  prepare?: ((pools: Record<ServiceName, Pool>) => Promise<void>) | undefined;
};

/** One address sends everything that many shoppers would, and orders of the few accounts pile up while a part is broken. */
const env = {
  SHUTDOWN_DELAY_MS: '1500',
  // Customers who never come back from their bank are waited for no longer than a run can wait.
  PAYMENT_DEADLINE_MS: '20000',
  // A mail that was refused is tried again soon, and a customer who may pay another way is written to soon.
  ...{ MAIL_RETRY_FIRST_MS: '200', MAIL_PAYMENT_DELAY_MS: '2000', SMTP_TIMEOUT_MS: '3000' },
  ...unlimitedSettings,
};

/** One instance of `order` takes money at once, another when the goods are sent: both ways of every order are in a run. */
const paymentsOf = (name: string) => ({ PAYMENT_CAPTURE: name === 'order-2' ? 'when_sent' : 'at_once' });

/** What has not closed by then, as a connection to a broker that is unavailable, ends with this process. */
const CLOSE_MS = 5000;

type CloseSteps = (() => Promise<unknown>)[];

/** Starts the services on `infrastructure`, as `replicas` processes each, and resolves when all are ready. */
export async function startCluster(o: ClusterOptions): Promise<Cluster> {
  const closing: CloseSteps = [];
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
async function build(o: ClusterOptions, closing: CloseSteps): Promise<Omit<Cluster, 'stop'>> {
  const { infrastructure, log } = o;
  const proxy = async (name: string, port: number) => {
    const opened = await openTcpProxy(name, () => [{ port }]);
    closing.push(opened.close);
    return opened;
  };
  const pools = openPools(infrastructure, log);
  closing.push(() => Promise.all(Object.values(pools).map((pool) => pool.end())));
  const proxies: TcpProxies = { databases: [], broker: [], services: [], clients: [] };
  const databaseUrls = { ...infrastructure.databaseUrls };
  for (const service of serviceNames) {
    const url = new URL(databaseUrls[service]);
    const opened = await proxy(`${service}-db`, Number(url.port));
    proxies.databases.push(opened);
    databaseUrls[service] = Object.assign(url, { port: String(opened.port) }).href;
  }
  for (const [n, port] of infrastructure.brokerPorts.entries())
    proxies.broker.push(await proxy(`rabbitmq-${n + 1}`, port));
  const broker = connectBroker(infrastructure, log);
  closing.push(() => broker.close());
  const recorder = await recordEvents(broker, infrastructure.namespace, log);
  closing.push(recorder.close);
  let gateways: readonly Instance[] = [];
  const messages = await openTcpProxy('payment-messages', () => gateways.map(({ url }) => ({ port: portOf(url) })));
  closing.push(messages.close);
  proxies.clients.push(messages);
  const messagesUrl = `http://127.0.0.1:${messages.port}/api/v1/payments/sandbox/events`;
  const mailServer = await startMailServer();
  closing.push(mailServer.close);
  const settings = { order: { SANDBOX_MESSAGES_URL: messagesUrl }, notification: { SMTP_URL: mailServer.url } };
  const deployment = await deployThrough(o, { proxies, databaseUrls, proxy, pools, settings });
  gateways = deployment.instancesOf('api-gateway');
  closing.push(deployment.stop);
  const loadBalancer: LoadBalancer = await startLoadBalancer(deployment.instancesOf('api-gateway'));
  closing.push(loadBalancer.close);
  proxies.clients.push(loadBalancer.proxy);
  const scrambler = createMessageScrambler(broker, infrastructure.namespace, log);
  return { infrastructure, deployment, proxies, gatewayUrl: loadBalancer.url, pools, recorder, mailServer, scrambler };
}

/** Starts the processes, each behind a proxy of its own; the gateways stand behind the load balancer. */
async function deployThrough(
  o: ClusterOptions,
  {
    proxies,
    databaseUrls,
    proxy,
    pools,
    settings,
  }: Pick<Cluster, 'proxies' | 'pools'> & {
    /** Of one service. */
    settings: Partial<Record<ServiceName, Record<string, string>>>;
    databaseUrls: Record<ServiceName, string>;
    proxy: (name: string, port: number) => Promise<TcpProxy>;
  },
): Promise<Deployment> {
  const logs = path.join(o.folder, 'logs');
  await mkdir(logs, { recursive: true });
  return deploy({
    databaseUrls,
    brokerUrl: brokerUrl(proxies.broker, o.infrastructure.namespace),
    replicas: Object.fromEntries(serviceNames.map((service) => [service, o.replicas])),
    env: { ...env, ...o.settings },
    envOf: ({ service, name }) => ({ ...(service === 'order' && paymentsOf(name)), ...settings[service] }),
    logs,
    program: (service) => o.program?.(service) ?? [programOf(o.bundles, service)],
    prepare: async () => o.prepare?.(pools),
    via: async ({ service, name, port }) => {
      if (service === 'api-gateway') return `http://127.0.0.1:${port}`;
      const opened = await proxy(name, port);
      proxies.services.push(opened);
      return `http://127.0.0.1:${opened.port}`;
    },
  });
}

const portOf = (url: string): number => Number(new URL(url).port);

function brokerUrl(proxies: readonly TcpProxy[], namespace: string): string {
  const hosts = proxies.map(({ port }) => `amqp://guest:guest@127.0.0.1:${port}?namespace=${namespace}`);
  return hosts.join(',');
}

/** Resolves when every instance says that it is ready. */
export async function untilAllReady(instances: Iterable<Instance>): Promise<void> {
  await Promise.all([...instances].map((instance) => instance.ready()));
}
