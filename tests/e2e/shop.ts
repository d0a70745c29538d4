import { apiGatewayService } from '@tradepost/api-gateway/service';
import { authService } from '@tradepost/auth/service';
import { createInMemoryTransport } from '@tradepost/messaging/in-memory-transport';
import { notificationService } from '@tradepost/notification/service';
import { orderService } from '@tradepost/order/service';
import { productService } from '@tradepost/product/service';
import type { SystemUnderAudit } from '@tradepost/prove/audit/system-under-audit';
import type { Service } from '@tradepost/runtime/service';
import { readSettings } from '@tradepost/runtime/settings';
import { runService } from '@tradepost/runtime/start-service';
import { type Deployment, deploy, type ServiceName, serviceNames } from '@tradepost/testing/deployment';
import { freePort } from '@tradepost/testing/free-port';
import { type TestDatabase, testDatabase } from '@tradepost/testing/postgres';
import { sharedResource } from '@tradepost/testing/shared-resources';
import { type Exchange, type Shopper, type Site, signUp } from '@tradepost/testing/shopper';
import { until } from '@tradepost/testing/until';
import { pino } from 'pino';
import type { TObject } from 'typebox';
import { programOf } from '../../images/built-services.ts';
import { sellProduct } from './sell-product.ts';
import { shopSettings } from './shop-settings.ts';

/** The whole of Tradepost with a seller who has something to sell, as shoppers meet it. */
export type Shop = {
  site: Site;
  /** What was asked so far, and answered. */
  exchanges: readonly Exchange[];
  books: SystemUnderAudit & { stockOf(sku: string): Promise<{ onHand: number; reserved: number; available: number }> };
  databases: Record<ServiceName, TestDatabase>;
  /** Where each service itself listens: its first instance. */
  serviceUrls: Record<ServiceName, string>;
  /** The processes; undefined where the services share this one. */
  deployment: Deployment | undefined;
  admin: Shopper;
  seller: Shopper;
  shopper(): Promise<Shopper>;
  /** Puts a product on sale and waits until it can be ordered; answers its SKU. */
  sell(units: number, amount?: number): Promise<string>;
  stop(): Promise<void>;
};

/**
 * All services in this process, over the in-process transport or a broker. `databaseUrl` may put something between a service and its
 * database.
 */
export async function openInProcess(
  o: {
    databaseUrl?: (name: ServiceName, url: string) => Promise<string>;
    brokerUrl?: string;
    /** Any free one, unless said: for who has to know the address before. */
    gatewayPort?: number;
    env?: Record<string, string>;
  } = {},
): Promise<Shop> {
  const databases = await openDatabases();
  const log = pino({ level: 'error' });
  const memory = o.brokerUrl === undefined ? createInMemoryTransport({ log }) : undefined;
  const ports = {
    ...{ auth: await freePort(), product: await freePort(), order: await freePort() },
    ...{ notification: await freePort(), 'api-gateway': o.gatewayPort ?? 0 },
  };
  const start = async <T extends TObject>(service: Service<T>, name: ServiceName) => {
    const { url } = databases[name];
    const settings = readSettings(service.settings, {
      ...shopSettings,
      PORT: String(ports[name]),
      MANAGEMENT_PORT: '0',
      DATABASE_URL: (await o.databaseUrl?.(name, url)) ?? url,
      BROKER_URL: o.brokerUrl ?? 'memory:',
      AUTH_URL: `http://127.0.0.1:${ports.auth}`,
      PRODUCT_URL: `http://127.0.0.1:${ports.product}`,
      ORDER_URL: `http://127.0.0.1:${ports.order}`,
      NOTIFICATION_URL: `http://127.0.0.1:${ports.notification}`,
      SHUTDOWN_DELAY_MS: '0',
      ...o.env,
    });
    return runService(service, { settings, log, ...(memory && { transport: memory }) });
  };
  const running = [
    ...(await Promise.all([start(authService, 'auth'), start(productService, 'product')])),
    ...(await Promise.all([start(orderService, 'order'), start(notificationService, 'notification')])),
  ];
  const gateway = await start(apiGatewayService, 'api-gateway');
  const urls = serviceUrls((name) => (name === 'api-gateway' ? gateway.url : `http://127.0.0.1:${ports[name]}`));
  return furnish(urls, databases, undefined, async () => {
    await gateway.stop();
    await Promise.all(running.map((service) => service.stop()));
    await memory?.close();
  });
}

/** Every service as processes of their own, the bundles that an image holds, over a broker. */
export async function openAsProcesses(
  brokerUrl: string,
  o: { replicas?: Partial<Record<ServiceName, number>>; env?: Record<string, string> } = {},
): Promise<Shop> {
  const databases = await openDatabases();
  const urls = Object.fromEntries(serviceNames.map((name) => [name, databases[name].url]));
  // as: it has the keys of `serviceNames`.
  const databaseUrls = urls as Record<ServiceName, string>;
  const bundles = await sharedResource('bundles');
  const program = (name: ServiceName) => [programOf(bundles, name)];
  const deployment = await deploy({ databaseUrls, brokerUrl, program, ...o, env: { ...shopSettings, ...o.env } });
  return furnish(
    serviceUrls((name) => deployment.instances.get(`${name}-1`)?.url ?? ''),
    databases,
    deployment,
    () => deployment.stop(),
  );
}

const serviceUrls = (urlOf: (name: ServiceName) => string): Record<ServiceName, string> => ({
  auth: urlOf('auth'),
  product: urlOf('product'),
  order: urlOf('order'),
  notification: urlOf('notification'),
  'api-gateway': urlOf('api-gateway'),
});

async function openDatabases(): Promise<Record<ServiceName, TestDatabase>> {
  const open = (name: ServiceName) => testDatabase(new URL(`../../services/${name}/migrations/`, import.meta.url));
  return {
    auth: await open('auth'),
    product: await open('product'),
    order: await open('order'),
    notification: await open('notification'),
    'api-gateway': await open('api-gateway'),
  };
}

async function furnish(
  urls: Record<ServiceName, string>,
  databases: Record<ServiceName, TestDatabase>,
  deployment: Deployment | undefined,
  stop: () => Promise<void>,
): Promise<Shop> {
  const exchanges: Exchange[] = [];
  const site: Site = { gatewayUrl: urls['api-gateway'], onExchange: (exchange) => exchanges.push(exchange) };
  const withRole = async (role: string): Promise<Shopper> => {
    const someone = await until(() => signUp(site), { what: 'signing up' });
    await databases.auth.pool.query({
      text: 'update user_account set role = $2 where email = $1',
      values: [someone.email, role],
    });
    return someone;
  };
  const [admin, seller] = [await withRole('admin'), await withRole('seller')];
  return {
    site,
    exchanges,
    databases,
    serviceUrls: urls,
    deployment,
    admin,
    seller,
    books: {
      order: databases.order.pool,
      product: databases.product.pool,
      databases: new Map(serviceNames.map((name) => [name, databases[name].pool])),
      get: async (path) => (await admin.call('GET', path)).body,
      stockOf: async (sku) => (await seller.call('GET', `/api/v1/stock/${sku}`)).body,
    },
    shopper: () => signUp(site),
    sell: (units, amount = 1250) => sellProduct(site, seller, databases.order, units, amount),
    async stop() {
      await stop();
      await Promise.all(Object.values(databases).map((database) => database.drop()));
    },
  };
}
