import { startNginx, startReference } from './baselines/servers.ts';
import { type ServiceName, serviceNames } from './bundles.ts';
import { closedLoop, type Operation } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';
import type { Deployment } from './deployment.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Side } from './measurement.ts';
import type { KindName } from './options.ts';
import { bareSide, fastifySide, httpSide, pgbenchSides, stopAfterwards } from './reference-sides.ts';
import { anySlug, anyTerm } from './shop.ts';
import { productRead, zipfSlug } from './zipf.ts';

/** What a kind of operation should cost at most, in milliseconds of processor time; `beyond` adds to the reference. */
export type Target = { cpuMs: number } | { beyondReferenceMs: number };

export type OperationKind = {
  name: KindName;
  title: string;
  connections: number;
  target: Target;
  /** The sides to compare Tradepost with, the reference first; what is not installed is left out. */
  references(context: BenchmarkContext): Promise<Side[]>;
};

/** The purchase that one with rules is compared with, in the same shop. */
const WITHOUT_RULES = 'Tradepost without them';

function kindNamed(name: KindName): OperationKind {
  const kind = operationKinds.find((one) => one.name === name);
  if (!kind) throw new RangeError(`There is no operation ${name}`);
  return kind;
}

export const operationKinds: readonly OperationKind[] = [
  {
    name: 'read',
    title: 'product by slug',
    connections: 8,
    target: { cpuMs: 0.15 },
    references: async (context) => [
      await fastifySide(context, () => `/products/${anySlug(context.products)}`),
      await bareSide(context),
    ],
  },
  {
    name: 'productReadZipf',
    title: 'product by slug, by Zipf’s law',
    connections: 16,
    target: { cpuMs: 0.06 },
    references: async (context) => {
      const slug = zipfSlug(context.products);
      return [await fastifySide(context, () => `/products/${slug()}`)];
    },
  },
  {
    name: 'list',
    title: 'first page of 24',
    connections: 8,
    target: { cpuMs: 0.5 },
    references: async (context) => [await fastifySide(context, () => '/products')],
  },
  {
    name: 'search',
    title: 'search, a term of 1 in 20',
    connections: 8,
    target: { cpuMs: 1 },
    references: async (context) => [await fastifySide(context, () => `/search?q=${anyTerm()}`)],
  },
  {
    name: 'purchase',
    title: 'two lines until paid, POST /orders',
    connections: 16,
    target: { cpuMs: 1.5 },
    references: ({ infrastructure }) => pgbenchSides(infrastructure),
  },
  {
    name: 'cartPurchase',
    title: 'two lines until paid, cart and checkout',
    connections: 16,
    target: { cpuMs: 4 },
    references: ({ infrastructure }) => pgbenchSides(infrastructure),
  },
  {
    name: 'pricedPurchase',
    title: 'the same with shipping, taxes and two promotions',
    connections: 16,
    target: { cpuMs: 4 },
    references: async (context) => [tradepostSide(kindNamed('cartPurchase'), context, WITHOUT_RULES)],
  },
  {
    name: 'signIn',
    title: 'sign-in',
    connections: 8,
    target: { beyondReferenceMs: 2 },
    references: async ({ started }) => {
      const server = stopAfterwards(started, await startReference('password-hash', '/'));
      return [httpSide('argon2id alone', server, () => '/')];
    },
  },
  {
    name: 'gatewayHop',
    title: 'the gateway’s hop alone',
    connections: 8,
    target: { cpuMs: 0.06 },
    references: async (context) => {
      const path = () => `/api/v1/products/${anySlug(context.products)}`;
      const upstream = context.deployment.url('product');
      const nginx = await startNginx(context.infrastructure.scratch, upstream, path());
      const proxy = stopAfterwards(context.started, await startReference('http-proxy', path(), { UPSTREAM: upstream }));
      const sides = [httpSide('@fastify/http-proxy', proxy, path)];
      return nginx ? [httpSide('nginx', stopAfterwards(context.started, nginx), path), ...sides] : sides;
    },
  },
];

/** Tradepost itself: all services, PostgreSQL and the broker count, but for the hop the gateway alone. */
export function tradepostSide(kind: OperationKind, context: BenchmarkContext, name = 'Tradepost'): Side {
  const { infrastructure, deployment, shop } = context;
  const service = (one: ServiceName) => [one, () => deployment.cpu(one)] as const;
  const isHop = kind.name === 'gatewayHop';
  const all = [
    ...serviceNames.map(service),
    ['postgres', infrastructure.postgres.cpu],
    ['rabbitmq', infrastructure.rabbit.cpu],
  ] as const;
  const operation = operationOf(kind.name, context);
  return {
    name,
    async run(durationMs) {
      if (kind.name === 'pricedPurchase' || name === WITHOUT_RULES)
        await shop.switchRules(kind.name === 'pricedPurchase');
      return closedLoop({ origin: deployment.gatewayUrl, connections: kind.connections, operation }, durationMs);
    },
    processors: Object.fromEntries(isHop ? [service('api-gateway')] : all),
    settled: shop.settled,
    // Tables that were empty are not any more, and plans that were made for empty ones are made anew.
    warmedUp: () => analyze(infrastructure, deployment),
  };
}

function operationOf(name: KindName, { products, shop }: BenchmarkContext): Operation {
  if (name === 'productReadZipf') return productRead(zipfSlug(products));
  // The way to the service and back, and not what the gateway has kept.
  if (name === 'gatewayHop') return productRead(() => anySlug(products), { 'cache-control': 'no-cache' });
  return shop[name];
}

async function analyze({ postgres }: Infrastructure, deployment: Deployment): Promise<void> {
  for (const service of serviceNames) await postgres.run(deployment.database(service), 'vacuum analyze');
}
