import { freePort } from '@tradepost/testing/free-port';
import { programOf, type ServiceName, serviceNames } from '../../images/built-services.ts';
import type { Infrastructure } from './infrastructure.ts';
import { type ServerProcess, startProcess, untilAnswered } from './processes.ts';
import { cpuOf, memoryOf, ownMemoryOf } from './processor.ts';

/** The services on databases of their own, as production runs them: each bundle as one process. */
export type Deployment = {
  /** Of its databases: `product_<tag>`. */
  tag: string;
  gatewayUrl: string;
  url(service: ServiceName): string;
  database(service: ServiceName): string;
  cpu(service: ServiceName): number;
  /** Resident, in MiB. */
  memory(service: ServiceName): number;
  /** Without what it shares with other processes, in MiB. */
  ownMemory(service: ServiceName): number;
  /** Starts one more instance of a service, to see how long that takes: its process, and where `/livez` is. */
  another(service: ServiceName): Promise<{ process: ServerProcess; managementUrl: string }>;
  stop(): Promise<void>;
};

/** As in k8s/base: 60 % of the limit of 192 MiB that a pod has, and the same bound for what is young. */
const nodeFlags = ['--max-old-space-size=115', '--max-semi-space-size=8'];

/** What k8s/base sets for every service; and no rate stands in the way of one machine that asks for all shoppers. */
const shared = {
  NODE_ENV: 'production',
  SANDBOX_PAYMENTS: 'allowed',
  HOST: '127.0.0.1',
  LOG_LEVEL: 'info',
  DATABASE_POOL_MAX: '8',
  MAX_REQUESTS_PER_SOCKET: '200',
  SHUTDOWN_DELAY_MS: '0',
  AUTH_SECRET: 'for-measurements-only-0123456789abcdef',
  MAIL_KEY: 'for-measurements-only-0123456789abcdef',
  RATE_LIMIT_ADDRESS: '9999999/1',
  RATE_LIMIT_IDENTITY: '9999999/1',
  RATE_LIMIT_SIGN_IN: '9999999/1',
  SIGN_UPS_PER_ADDRESS: '0',
  // A few accounts buy as fast as the shop can.
  UNSETTLED_ORDERS_PER_ACCOUNT: '0',
  UNSETTLED_UNITS_PER_ACCOUNT: '0',
};

type Ports = Record<ServiceName, number>;

/** Migrates the databases of this tag, which are there, and starts the services on them; `settings` go before the usual ones. */
export async function deploy(
  infrastructure: Infrastructure,
  tag: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<Deployment> {
  const database = (service: ServiceName) => databaseName(service, tag);
  const ports: Ports = { 'api-gateway': 0, auth: 0, product: 0, order: 0, notification: 0 };
  for (const service of serviceNames) ports[service] = await freePort();
  const url = (service: ServiceName) => `http://127.0.0.1:${ports[service]}`;
  const start = async (service: ServiceName, port: number) => {
    const managementPort = await freePort();
    const own = environmentOf(service, { infrastructure, tag, url }, { port, managementPort });
    const args = [...nodeFlags, programOf(infrastructure.bundles, service)];
    const one = startProcess(service, process.execPath, args, { ...shared, ...settings, ...own });
    return { process: one, managementUrl: `http://127.0.0.1:${managementPort}` };
  };
  const running = new Map<ServiceName, ServerProcess>();
  const stop = async () => {
    await Promise.all([...running.values()].map((one) => one.stop()));
  };
  try {
    for (const service of ['auth', 'product', 'order', 'notification', 'api-gateway'] as const) {
      const { process: one, managementUrl } = await start(service, ports[service]);
      running.set(service, one);
      await untilAnswered(one, `${managementUrl}/readyz`);
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const pid = (service: ServiceName) => running.get(service)?.pid ?? -1;
  return {
    tag,
    gatewayUrl: url('api-gateway'),
    url,
    database,
    cpu: (service) => cpuOf(pid(service)),
    memory: (service) => memoryOf(pid(service)),
    ownMemory: (service) => ownMemoryOf(pid(service)),
    another: async (service) => start(service, await freePort()),
    stop,
  };
}

/** The name of a service's database under a tag. */
export function databaseName(service: ServiceName, tag: string): string {
  return `${service.replaceAll('-', '_')}_${tag}`;
}

/** The settings of a service that listens on these ports; `url` leads to the others. */
function environmentOf(
  service: ServiceName,
  { infrastructure, tag, url }: { infrastructure: Infrastructure; tag: string; url: (service: ServiceName) => string },
  ports: { port: number; managementPort: number },
) {
  return {
    DATABASE_URL: infrastructure.postgres.url(databaseName(service, tag)),
    BROKER_URL: `${infrastructure.rabbit.url}?namespace=bench-${tag}`,
    ...(infrastructure.caFile !== undefined && {
      DATABASE_CA_FILE: infrastructure.caFile,
      BROKER_CA_FILE: infrastructure.caFile,
    }),
    AUTH_URL: url('auth'),
    PRODUCT_URL: url('product'),
    ORDER_URL: url('order'),
    NOTIFICATION_URL: url('notification'),
    PORT: String(ports.port),
    MANAGEMENT_PORT: String(ports.managementPort),
  };
}
