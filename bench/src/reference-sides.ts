import { pgbenchSide } from './baselines/pgbench.ts';
import { type Reference, startReference } from './baselines/servers.ts';
import { closedLoop, type Operation } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';
import type { Connection } from './http-client.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Side } from './measurement.ts';

export async function fastifySide(
  { infrastructure, deployment, started }: BenchmarkContext,
  path: () => string,
): Promise<Side> {
  const env = { DATABASE_URL: infrastructure.postgres.url(deployment.database('product')) };
  const server = stopAfterwards(started, await startReference('fastify-pg', '/products', env));
  return httpSide('Fastify + pg', server, path, { postgres: infrastructure.postgres.cpu });
}

export async function bareSide({ started }: BenchmarkContext): Promise<Side> {
  return httpSide('node:http', stopAfterwards(started, await startReference('node-http', '/')), () => '/');
}

export async function pgbenchSides(infrastructure: Infrastructure): Promise<Side[]> {
  const side = await pgbenchSide(infrastructure);
  return side ? [side] : [];
}

export function httpSide(name: string, server: Reference, path: () => string, more: Side['processors'] = {}): Side {
  const operation: Operation = async (connection: Connection) => {
    await connection.expect(200, { method: 'GET', path: path() });
  };
  return {
    name,
    run: (durationMs) => closedLoop({ origin: server.origin, connections: 8, operation }, durationMs),
    processors: { server: server.cpu, ...more },
  };
}

/** Stops the server when the measurement is over. */
export function stopAfterwards(started: AsyncDisposableStack, server: Reference): Reference {
  started.defer(() => server.process.stop());
  return server;
}
