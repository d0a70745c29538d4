import { pgbenchSide } from './baselines/pgbench.ts';
import { type Baseline, startBaseline } from './baselines/servers.ts';
import { closedLoop, type Operation } from './closed-loop.ts';
import type { BenchmarkContext } from './context.ts';
import type { Connection } from './http-client.ts';
import type { Infrastructure } from './infrastructure.ts';
import type { Side } from './measurement.ts';

export async function fastifySide(
  { infrastructure, deployment, started }: BenchmarkContext,
  connections: number,
  path: () => string,
): Promise<Side> {
  const url = infrastructure.postgres.url(deployment.database('product'));
  // It takes TLS as well, without looking at the certificate: pgbench does the same of its own accord.
  const env = { DATABASE_URL: infrastructure.caFile === undefined ? url : `${url}?sslmode=no-verify` };
  const server = stopAfterwards(started, await startBaseline('fastify-pg', '/products', env));
  return httpSide('Fastify + pg', server, { connections, path }, { postgres: infrastructure.postgres.cpu });
}

export async function bareSide({ started }: BenchmarkContext, connections: number): Promise<Side> {
  const server = stopAfterwards(started, await startBaseline('node-http', '/'));
  return httpSide('node:http', server, { connections, path: () => '/' });
}

export async function pgbenchSides(infrastructure: Infrastructure, connections: number): Promise<Side[]> {
  const side = await pgbenchSide(infrastructure, connections);
  return side ? [side] : [];
}

export function httpSide(
  name: string,
  server: Baseline,
  { connections, path }: { connections: number; path: () => string },
  more: Side['processors'] = {},
): Side {
  const operation: Operation = async (connection: Connection) => {
    await connection.expect(200, { method: 'GET', path: path() });
  };
  return {
    name,
    run: (durationMs) => closedLoop({ origin: server.origin, connections, operation }, durationMs),
    processors: { server: server.cpu, ...more },
  };
}

/** Stops the server when the measurement is over. */
export function stopAfterwards(started: AsyncDisposableStack, server: Baseline): Baseline {
  started.defer(() => server.process.stop());
  return server;
}
