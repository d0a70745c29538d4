import { pgbenchSide } from './baselines/pgbench.ts';
import { type Reference, startNginx, startReference } from './baselines/servers.ts';
import { type ServiceName, serviceNames } from './bundles.ts';
import { closedLoop, type Operation } from './closed-loop.ts';
import type { Deployment } from './deployment.ts';
import type { Connection } from './http-client.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Side } from './measurement.ts';
import type { KindName } from './options.ts';
import { anySlug, anyTerm, type Shop } from './shop.ts';

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

/** Everything that a measurement works on. */
export type BenchmarkContext = {
  infrastructure: Infrastructure;
  deployment: Deployment;
  shop: Shop;
  products: number;
  /** Takes up what is to be ended afterwards. */
  started: AsyncDisposableStack;
};

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
    references: ({ infrastructure }) => pgbench(infrastructure),
  },
  {
    name: 'cartPurchase',
    title: 'two lines until paid, cart and checkout',
    connections: 16,
    target: { cpuMs: 4 },
    references: ({ infrastructure }) => pgbench(infrastructure),
  },
  {
    name: 'signIn',
    title: 'sign-in',
    connections: 8,
    target: { beyondReferenceMs: 2 },
    references: async ({ started }) => {
      const server = taken(started, await startReference('password-hash', '/'));
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
      const proxy = taken(context.started, await startReference('http-proxy', path(), { UPSTREAM: upstream }));
      const sides = [httpSide('@fastify/http-proxy', proxy, path)];
      return nginx ? [httpSide('nginx', taken(context.started, nginx), path), ...sides] : sides;
    },
  },
];

/** Tradepost itself: all four services, PostgreSQL and the broker count, but for the hop the gateway alone. */
export function tradepostSide(kind: OperationKind, context: BenchmarkContext, name = 'Tradepost'): Side {
  const { infrastructure, deployment, shop } = context;
  const service = (one: ServiceName) => [one, () => deployment.cpu(one)] as const;
  const isHop = kind.name === 'gatewayHop';
  const all = [
    ...serviceNames.map(service),
    ['postgres', infrastructure.postgres.cpu],
    ['rabbitmq', infrastructure.rabbit.cpu],
  ] as const;
  const operation = kind.name === 'gatewayHop' ? shop.read : shop[kind.name];
  return {
    name,
    run: (durationMs) =>
      closedLoop({ origin: deployment.gatewayUrl, connections: kind.connections, operation }, durationMs),
    processors: Object.fromEntries(isHop ? [service('api-gateway')] : all),
    settled: shop.settled,
    // Tables that were empty are not any more, and plans that were made for empty ones are made anew.
    warmedUp: () => analyze(infrastructure, deployment),
  };
}

async function analyze({ postgres }: Infrastructure, deployment: Deployment): Promise<void> {
  for (const service of serviceNames) await postgres.run(deployment.database(service), 'vacuum analyze');
}

async function fastifySide(
  { infrastructure, deployment, started }: BenchmarkContext,
  path: () => string,
): Promise<Side> {
  const env = { DATABASE_URL: infrastructure.postgres.url(deployment.database('product')) };
  const server = taken(started, await startReference('fastify-pg', '/products', env));
  return httpSide('Fastify + pg', server, path, { postgres: infrastructure.postgres.cpu });
}

async function bareSide({ started }: BenchmarkContext): Promise<Side> {
  return httpSide('node:http', taken(started, await startReference('node-http', '/')), () => '/');
}

async function pgbench(infrastructure: Infrastructure): Promise<Side[]> {
  const side = await pgbenchSide(infrastructure);
  return side ? [side] : [];
}

function httpSide(name: string, server: Reference, path: () => string, more: Side['processors'] = {}): Side {
  const operation: Operation = async (connection: Connection) => {
    await connection.expect(200, { method: 'GET', path: path() });
  };
  return {
    name,
    run: (durationMs) => closedLoop({ origin: server.origin, connections: 8, operation }, durationMs),
    processors: { server: server.cpu, ...more },
  };
}

function taken(started: AsyncDisposableStack, server: Reference): Reference {
  started.defer(() => server.process.stop());
  return server;
}
