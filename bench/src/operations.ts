import { type ServiceName, serviceNames } from '../../images/built-services.ts';
import { bareSide, fastifySide, httpSide, pgbenchSides, stopAfterwards } from './baseline-sides.ts';
import { startBaseline, startNginx } from './baselines/servers.ts';
import { closedLoop } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';
import type { Deployment } from './deployment.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Side } from './measurement.ts';
import type { KindName } from './options.ts';
import { anySlug, anyTerm, zipfSlug } from './shop.ts';

/** What a kind of operation should cost at most, in milliseconds of processor time; `beyond` adds to the reference. */
export type Target = { cpuMs: number } | { beyondReferenceMs: number };

export type OperationKind = {
  name: KindName;
  title: string;
  /** Operations at once: how many are measured unless the command line says otherwise. */
  connections: readonly number[];
  target: Target;
  /** The sides to compare Tradepost with at the same load, the reference first; what is not installed is left out. */
  baselines(context: BenchmarkContext, connections: number): Promise<Side[]>;
};

/** The load at which the targets are meant to hold. */
const AT_ONCE = [16] as const;

/** The purchase that one with rules is compared with, in the same shop. */
const WITHOUT_RULES = 'Tradepost without them';

export function kindNamed(name: KindName): OperationKind {
  const kind = operationKinds.find((one) => one.name === name);
  if (!kind) throw new RangeError(`There is no operation ${name}`);
  return kind;
}

export const operationKinds: readonly OperationKind[] = [
  {
    name: 'read',
    title: 'product by slug',
    connections: AT_ONCE,
    target: { cpuMs: 0.15 },
    baselines: async (context, connections) => [
      await fastifySide(context, connections, () => `/products/${anySlug(context.products)}`),
      await bareSide(context, connections),
    ],
  },
  {
    name: 'productReadZipf',
    title: 'product by slug, few products asked for often (Zipf)',
    connections: AT_ONCE,
    target: { cpuMs: 0.15 },
    baselines: async (context, connections) => [
      await fastifySide(context, connections, () => `/products/${zipfSlug(context.products)}`),
    ],
  },
  {
    name: 'productReadSignedIn',
    title: 'product by slug, signed in: an answer that the gateway does not keep',
    connections: AT_ONCE,
    target: { cpuMs: 0.15 },
    baselines: async (context, connections) => [
      await fastifySide(context, connections, () => `/products/${anySlug(context.products)}`),
    ],
  },
  {
    name: 'list',
    title: 'first page of 24',
    connections: AT_ONCE,
    target: { cpuMs: 0.5 },
    baselines: async (context, connections) => [await fastifySide(context, connections, () => '/products')],
  },
  {
    name: 'search',
    title: 'search, a term of 1 in 20',
    connections: AT_ONCE,
    target: { cpuMs: 1 },
    baselines: async (context, connections) => [
      await fastifySide(context, connections, () => `/search?q=${anyTerm()}`),
    ],
  },
  {
    name: 'searchWorst',
    title: 'search, words and filters that exclude each other',
    connections: AT_ONCE,
    target: { cpuMs: 4 },
    baselines: async (context, connections) => [
      await fastifySide(context, connections, () => `/search?q=${anyTerm()}`),
    ],
  },
  {
    name: 'purchase',
    title: 'two lines until paid, POST /orders',
    connections: [...AT_ONCE, 1],
    target: { cpuMs: 1.5 },
    baselines: ({ infrastructure }, connections) => pgbenchSides(infrastructure, connections),
  },
  {
    name: 'cartPurchase',
    title: 'two lines until paid, cart and checkout',
    connections: AT_ONCE,
    target: { cpuMs: 4 },
    baselines: ({ infrastructure }, connections) => pgbenchSides(infrastructure, connections),
  },
  {
    name: 'pricedPurchase',
    title: 'the same with shipping, taxes and two promotions',
    connections: AT_ONCE,
    target: { cpuMs: 4 },
    baselines: async (context, connections) => [
      tradepostSide(kindNamed('cartPurchase'), context, { connections, name: WITHOUT_RULES }),
    ],
  },
  {
    name: 'signIn',
    title: 'sign-in',
    connections: AT_ONCE,
    target: { beyondReferenceMs: 2 },
    baselines: async ({ started }, connections) => {
      const server = stopAfterwards(started, await startBaseline('password-hash', '/'));
      return [httpSide('argon2id alone', server, { connections, path: () => '/' })];
    },
  },
  {
    name: 'gatewayHop',
    title: 'the gateway’s hop alone',
    connections: AT_ONCE,
    target: { cpuMs: 0.06 },
    baselines: async (context, connections) => {
      const path = () => `/api/v1/products/${anySlug(context.products)}`;
      const upstream = context.deployment.url('product');
      const nginx = await startNginx(context.infrastructure.scratch, upstream, path());
      const proxy = stopAfterwards(context.started, await startBaseline('http-proxy', path(), { UPSTREAM: upstream }));
      const sides = [httpSide('@fastify/http-proxy', proxy, { connections, path })];
      return nginx
        ? [httpSide('nginx', stopAfterwards(context.started, nginx), { connections, path }), ...sides]
        : sides;
    },
  },
];

/** Tradepost itself: all services, PostgreSQL and the broker count, but for the hop the gateway alone. */
export function tradepostSide(
  kind: OperationKind,
  context: BenchmarkContext,
  { connections, name = 'Tradepost' }: { connections: number; name?: string },
): Side {
  const { infrastructure, deployment, shop } = context;
  const isHop = kind.name === 'gatewayHop';
  const operation = kind.name === 'gatewayHop' ? shop.readUncached : shop[kind.name];
  const loop = async (atOnce: number, durationMs: number) => {
    if (kind.name === 'pricedPurchase' || name === WITHOUT_RULES)
      await shop.switchRules(kind.name === 'pricedPurchase');
    return closedLoop({ origin: deployment.gatewayUrl, connections: atOnce, operation }, durationMs);
  };
  return {
    name,
    run: (durationMs) => loop(connections, durationMs),
    // Until V8 has compiled it, code costs several times as much. One connection does too little for that in a few seconds.
    warmUp: (durationMs) => loop(Math.max(...AT_ONCE, connections), durationMs),
    processors: tradepostProcessors(context, isHop ? ['api-gateway'] : undefined),
    settled: shop.settled,
    // Tables that were empty are not any more, and plans that were made for empty ones are made anew.
    warmedUp: () => analyze(infrastructure, deployment),
  };
}

/** All server processes of a deployment, or only some of its services. */
export function tradepostProcessors(
  { infrastructure, deployment }: BenchmarkContext,
  only?: readonly ServiceName[],
): Side['processors'] {
  const services = (only ?? serviceNames).map((one) => [one, () => deployment.cpu(one)] as const);
  const infrastructureCpu = { postgres: infrastructure.postgres.cpu, rabbitmq: infrastructure.rabbit.cpu };
  return { ...Object.fromEntries(services), ...(only ? {} : infrastructureCpu) };
}

async function analyze({ postgres }: Infrastructure, deployment: Deployment): Promise<void> {
  for (const service of serviceNames) await postgres.run(deployment.database(service), 'vacuum analyze');
}
